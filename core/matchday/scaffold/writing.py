"""A new package, rendered from templates and written."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

import jinja2

import matchday
from matchday.errors import MatchdayError
from matchday.scaffold.kinds import Kind, kind_of
from matchday.scaffold.names import Names, named


def write_package(name: str, kind: str, folder: Path | None = None) -> Names:
    """Write a package for a new component of a kind into a folder, by default one of its name in the working directory.

    Raises ``MatchdayError`` where the name or the kind will not do, where the folder holds anything already, and where
    it cannot be written.
    """
    folder = Path(name) if folder is None else folder
    chosen, names = kind_of(kind), named(name, agents=_begun_beside(folder))
    files = rendered(names, chosen)
    try:
        if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
            raise MatchdayError(f"Folder '{folder}' is there already, and nothing is overwritten; name another.")
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise MatchdayError(f"Folder '{folder}' cannot be written: {error.strerror}.") from error
    return names


def _begun_beside(folder: Path) -> set[str]:
    """Name the agents of the packages that lie beside a folder, installed or not."""
    here = folder.absolute()
    packages = [project.parent for project in here.parent.glob("*/pyproject.toml")]
    return {file.stem for each in packages if each != here for file in each.glob("*/*-agent.toml")}


def rendered(names: Names, kind: Kind) -> Mapping[str, str]:
    """Render a package's files, by path in it; raises ``MatchdayError`` where its class is called as an import."""
    package, module = names.package, kind.name
    code = _render(f"{module}/component.py.j2", names, kind)
    if names.cls in _imported(code):
        raise MatchdayError(
            f"Name {names.name!r}: its class would be called {names.cls}, as something that it imports; "
            f"choose another, as my-{names.name}."
        )
    return {
        "README.md": _render("README.md.j2", names, kind),
        "pyproject.toml": _render("pyproject.toml.j2", names, kind),
        f"{package}/__init__.py": _render("__init__.py.j2", names, kind),
        f"{package}/{module}.py": code,
        f"{package}/{names.agent}.toml": _render("agent.toml.j2", names, kind),
        f"{package}/py.typed": "",
        **{f"{package}/{data}": _render(f"{module}/{data}", names, kind) for data in kind.data},
        f"tests/test_{package}.py": _render(f"{module}/test.py.j2", names, kind),
    }


def _render(template: str, names: Names, kind: Kind) -> str:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("matchday.scaffold"),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
    return environment.get_template(template).render(names=names, kind=kind, version=matchday.__version__)


def _imported(code: str) -> set[str]:
    """Name what a module imports."""
    statements = [each for each in ast.walk(ast.parse(code)) if isinstance(each, ast.Import | ast.ImportFrom)]
    return {name.asname or name.name for each in statements for name in each.names}
