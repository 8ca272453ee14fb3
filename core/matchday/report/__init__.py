"""The report: a comparison as one HTML file that opens without a network, for people to read and to pass on."""

from matchday.report.writing import check_writable, render, write_report

__all__ = ["check_writable", "render", "write_report"]
