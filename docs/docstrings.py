"""Docstrings as Markdown, for the page of public names: their tables, and their examples as code."""

from __future__ import annotations

import re
from typing import Any

from griffe import Docstring, Extension, Object


class Docstrings(Extension):
    """Turn docstrings into Markdown as they are collected."""

    def on_object(self, *, obj: Object, **_kwargs: Any) -> None:
        """Rewrite a docstring in place."""
        if obj.docstring:
            obj.docstring = Docstring(markdown(obj.docstring.value), parent=obj)


def markdown(docstring: str) -> str:
    """Write a docstring as Markdown."""
    return "\n\n".join(map(_paragraph, docstring.split("\n\n")))


def _paragraph(text: str) -> str:
    if text.startswith(">>>"):
        return f"```pycon\n{text}\n```"
    return _table(text.splitlines()) if text.startswith("===") else text


def _table(lines: list[str]) -> str:
    """Write a reStructuredText table of two columns as one of Markdown."""
    begins = [found.start() for found in re.finditer("=+", lines[0])]
    rows = [(line[: begins[1]].strip(), line[begins[1] :].strip()) for line in lines[1:-1]]
    return "\n".join(["| | |", "| --- | --- |", *(f"| {name} | {meaning} |" for name, meaning in rows)])
