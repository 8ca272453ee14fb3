"""Take files from outside of ``docs`` into the site, so that links to them work there as in the repository."""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
FILES = ("CONTRIBUTING.md", "CHANGELOG.md", "CITATION.cff", *(f"examples/**/*.{kind}" for kind in ("md", "py", "toml")))


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add them under their own names."""
    for path in (path for pattern in FILES for path in sorted(ROOT.glob(pattern))):
        files.append(File.generated(config, path.relative_to(ROOT).as_posix(), abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Page, **_kwargs: object) -> str:
    """Let links find them, and let theirs find the pages: in the site ``docs`` is no folder of its own."""
    if page.file.generated_by is None:
        return markdown.replace("](../", "](")
    return re.sub(r"\]\(((?:\.\./)*)docs/", r"](\1", markdown)
