"""Calibration: wrappers of ``blend`` that correct a forecast by how the run's earlier ones turned out."""
