"""Agents as TOML: a name, a summary, what they are about, and a list of components with their parameters."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from matchday.agent import Agent
from matchday.catalogue import Catalogue
from matchday.component import RESERVED, Component
from matchday.errors import AgentError, CatalogueError, MatchdayError, did_you_mean, explain, one_line
from matchday.nesting import AgentOfAgents
from matchday.places import error_place
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


class Member(NamedTuple):
    """An agent inside an agent: the position of the ``component`` that lists it, its ``place`` there, and its file."""

    component: int
    place: int
    agent: AgentFile


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


def build_agent(
    file: AgentFile,
    *,
    catalogue: Catalogue | None = None,
    overrides: Mapping[str, Mapping[str, Any]] | None = None,
) -> Agent:
    """Build an agent; ``overrides`` are parameters by component, as ``overlaid`` takes them."""
    catalogue = catalogue or Catalogue()
    file = overlaid(file, overrides or {}, catalogue)
    components = [
        (name, build_component(file.name, name, entry, catalogue))
        for name, entry in zip(file.names, file.component, strict=True)
    ]
    return Agent(file.name, components, summary=file.summary, tuned=file.tuned)


def overlaid(
    file: AgentFile, overrides: Mapping[str, Mapping[str, Any]], catalogue: Catalogue | None = None
) -> AgentFile:
    """Answer an agent with other parameters, by component: ``{"goals": {"half_life_days": 300}}``.

    A component of an agent that an agent of agents lists is member/component, as on record; that member is spelled out
    in the answer. Raises ``AgentError`` for a component or a member that is not there, with a did-you-mean.
    """
    names = file.names
    entries = [{**entry, **overrides.get(name, {})} for name, entry in zip(names, file.component, strict=True)]
    file = file.model_copy(update={"component": entries})
    left = {path: parameters for path, parameters in overrides.items() if path not in names}
    for path in left:
        if "/" not in path:
            raise AgentError(f"Agent {file.name!r}: no component is named {path!r}; {did_you_mean(path, names)}")
    return _overlaid_members(file, left, catalogue) if left else file


def _overlaid_members(
    file: AgentFile, overrides: Mapping[str, Mapping[str, Any]], catalogue: Catalogue | None
) -> AgentFile:
    """Spell out the members of which something is set; the agent's own components stay."""
    entries, members = [dict(entry) for entry in file.component], members_of(file, catalogue)
    for path in overrides:
        known = [member.agent.name for member in members]
        if not any(path.startswith(f"{name}/") for name in known):
            name = path.partition("/")[0]
            raise AgentError(f"Agent {file.name!r}: no agent in it is named {name!r}; {did_you_mean(name, known)}")
    for member in members:
        if within := inside(overrides, member.agent.name):
            agents = entries[member.component]["agents"] = list(entries[member.component]["agents"])
            agents[member.place] = spelled_out(overlaid(member.agent, within, catalogue))
    return file.model_copy(update={"component": entries})


def inside(overrides: Mapping[str, Mapping[str, Any]], member: str) -> dict[str, Mapping[str, Any]]:
    """Answer the parameters that are of a member's components, by what those are called there.

    >>> inside({"human-quant/kelly": {"hedge": True}, "goals": {"half_life_days": 300}}, "human-quant")
    {'kelly': {'hedge': True}}
    """
    above = f"{member}/"
    return {path.removeprefix(above): each for path, each in overrides.items() if path.startswith(above)}


def has_component(file: AgentFile, path: str, catalogue: Catalogue | None = None) -> bool:
    """Whether an agent has a component, or as member/component one of its members does."""
    if path in file.names or "/" not in path:
        return path in file.names
    return any(
        has_component(member.agent, within, catalogue)
        for member in members_of(file, catalogue)
        for within in inside({path: {}}, member.agent.name)
    )


def members_of(file: AgentFile, catalogue: Catalogue | None = None) -> list[Member]:
    """Read the agents inside an agent, in order; raises ``AgentError`` or ``CatalogueError`` for one that is none."""
    catalogue = catalogue or Catalogue()
    found = []
    for position, (name, entry) in enumerate(zip(file.names, file.component, strict=True)):
        agents = entry.get("agents")
        if isinstance(agents, list | tuple) and issubclass(_class_of(file.name, entry, catalogue), AgentOfAgents):
            try:
                found += [Member(position, place, listed_agent(each, catalogue)) for place, each in enumerate(agents)]
            except MatchdayError as error:
                raise AgentError(f"Agent {file.name!r}: component {name!r}: {error}") from error
    return found


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


def load_agent(
    target: str | Path,
    *,
    overrides: Mapping[str, Mapping[str, Any]] | None = None,
    catalogue: Catalogue | None = None,
) -> Agent:
    """Load a bundled agent by name, or an agent file by path."""
    catalogue = catalogue or Catalogue()
    return build_agent(read_agent(target, catalogue), catalogue=catalogue, overrides=overrides)


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


def build_component(agent: str, name: str, entry: Mapping[str, Any], catalogue: Catalogue) -> Component:
    """Build one component of an agent's list; raises ``AgentError`` or ``CatalogueError`` in the agent's name."""
    kind = _class_of(agent, entry, catalogue)
    parameters = {key: value for key, value in entry.items() if key not in RESERVED}
    try:
        return kind(**parameters)
    except ValidationError as error:
        raise AgentError(f"Agent {agent!r}: component {name!r}: {explain(error, kind)}") from error
    except Exception as error:  # whatever a stranger's constructor raises
        place = error_place(error, kind)
        where = f" ({place})" if place else ""
        raise AgentError(f"Agent {agent!r}: component {name!r} cannot be made: {one_line(error)}{where}") from error


def _class_of(agent: str, entry: Mapping[str, Any], catalogue: Catalogue) -> type[Component]:
    try:
        return catalogue.component(entry["use"])
    except CatalogueError as error:
        raise CatalogueError(f"Agent {agent!r}: {error}") from error
