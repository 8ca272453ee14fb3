"""Agents as TOML: a name, a summary, what they are about, and a list of components with their parameters."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from matchday.catalogue import Catalogue
from matchday.component import Component
from matchday.errors import AgentError, CatalogueError, explain
from matchday.tuned import Tuned
from matchday.wording import listed


class AgentFile(BaseModel):
    """What an agent's TOML says; a component's keys beside ``use`` and ``name`` are its parameters.

    ``summary`` is a line, ``about`` a paragraph: whose practice this is, and why each part is there. ``tuned`` says
    what the parameters were chosen on.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    summary: str = ""
    about: str = ""
    quick: bool = False
    component: list[dict[str, Any]] = Field(min_length=1)
    tuned: Tuned | None = None

    @property
    def names(self) -> list[str]:
        """What the components are called, in the order of the list; raises ``AgentError`` where one has no ``use``."""
        return [_name(self, position, entry) for position, entry in enumerate(self.component)]

    @field_validator("component", mode="before")
    @classmethod
    def _a_list(cls, component: Any) -> Any:
        """Refuse a lone table, which single brackets make."""
        if isinstance(component, Mapping):
            raise ValueError("one table; write [[component]], with two brackets, above each")
        return component


def read_agent(target: str | Path, catalogue: Catalogue | None = None) -> AgentFile:
    """Read a bundled agent, by name, or a TOML file, by path; raises ``AgentError`` or ``CatalogueError``."""
    try:
        content = tomllib.loads(agent_text(target, catalogue))
    except tomllib.TOMLDecodeError as error:
        path = Path(target)
        hint = f"; list it in one, as {path.stem}:Class" if path.suffix == ".py" else ""
        raise AgentError(f"Agent file {str(target)!r} is not TOML: {error}{hint}.") from error
    return parse_agent(content, where=f"Agent file {str(target)!r}")


def agent_text(target: str | Path, catalogue: Catalogue | None = None) -> str:
    """Answer the text of a bundled agent, by name, or of a file, by path; raises as ``read_agent`` does."""
    path = Path(target)
    is_path = path.suffix == ".toml" or (len(path.name) < 256 and path.is_file())
    file = path if is_path else (catalogue or Catalogue()).agent_file(str(target))
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise AgentError(f"Agent file {str(target)!r} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise AgentError(f"Agent file {str(target)!r} is not TOML: {error}.") from error


def parse_agent(content: Mapping[str, Any], *, where: str) -> AgentFile:
    """Validate an agent's content; raises ``AgentError`` with the key, the rule and a did-you-mean."""
    try:
        return AgentFile.model_validate(content)
    except ValidationError as error:
        raise AgentError(f"{where}: {explain(error, AgentFile)}") from error


def listed_agent(listed: object, catalogue: Catalogue | None = None) -> AgentFile:
    """Read an agent as an agent of agents lists it: a bundled name, a TOML file, or a table as in one."""
    if isinstance(listed, str):
        return read_agent(listed, catalogue)
    if isinstance(listed, Mapping):
        name = listed.get("name")
        return parse_agent(listed, where=f"agent {name!r}" if name else "an agent of the list")
    raise AgentError(f"an agent is {listed!r}; rule: a bundled name, a TOML file, or a table as in one.")


def spelled_out(file: AgentFile) -> dict[str, Any]:
    """Write an agent as the table that ``parse_agent`` reads."""
    return file.model_dump(exclude_defaults=True)


def component_class(agent: str, entry: Mapping[str, Any], catalogue: Catalogue) -> type[Component]:
    """Answer the class that an entry of an agent's list uses; raises ``CatalogueError`` in the agent's name."""
    try:
        return catalogue.component(entry["use"])
    except CatalogueError as error:
        raise CatalogueError(f"Agent {agent!r}: {error}") from error


def _name(file: AgentFile, position: int, entry: Mapping[str, Any]) -> str:
    if "use" not in entry:
        keys = f", but {listed(entry)}" if entry else ""
        raise AgentError(
            f"Agent {file.name!r}: component {position + 1} has no 'use'{keys}; name one of the catalogue."
        )
    if not isinstance(entry["use"], str):
        raise AgentError(
            f"Agent {file.name!r}: component {position + 1}: use = {entry['use']!r}; rule: a name, in quotes."
        )
    name = entry.get("name", entry["use"])
    if not isinstance(name, str) or not name:
        raise AgentError(f"Agent {file.name!r}: component {position + 1}: name {name!r} is not a name.")
    return name
