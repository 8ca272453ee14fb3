"""An agent's own TOML, comments and all, with other values in it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matchday.agentfile import (
    AgentFile,
    Member,
    agent_text,
    build_agent,
    inside,
    members_of,
    parse_agent,
    read_agent,
    spelled_out,
)
from matchday.catalogue import Catalogue
from matchday.errors import AgentError, MatchdayError
from matchday.tuned import Tuned


class AgentDraft:
    """The text of an agent's file, of a bundled name or a path, in which values are put; nothing is written yet."""

    def __init__(self, target: str | Path, overrides: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        import tomlkit

        self._target = Path(target)
        build_agent(read_agent(target), overrides=overrides)  # which refuses what is no agent
        self._document: Any = tomlkit.parse(agent_text(target))
        self.put(overrides or {})

    @property
    def file(self) -> AgentFile:
        """What the draft says."""
        return parse_agent(self._document.unwrap(), where=f"Agent file {str(self._target)!r}")

    def put(self, parameters: Mapping[str, Mapping[str, Any]]) -> None:
        """Set parameters, by component; no value takes a parameter out. A member of which one is set is spelled out.

        Raises ``AgentError`` where TOML cannot say it: no value, where the component would take another.
        """
        _put(self._document, parameters)

    def tell(self, tuned: Tuned) -> None:
        """Say what search the parameters come from; it stands at the end."""
        import tomlkit

        self._document.pop("tuned", None)
        table = tomlkit.table()
        for name, value in tuned.model_dump(mode="json").items():
            table.add(name, value)
        self._document.add("tuned", table)

    def check(self, path: Path, *, study: str) -> None:
        """Raise ``MatchdayError`` where the file cannot be written, or something else would be lost.

        A file is replaced if it is the agent's own, or was written by the same search before it went on.
        """
        target, who = path.expanduser(), f"Agent file {str(path)!r}"
        if not target.parent.is_dir():
            raise MatchdayError(f"{who}: there is no folder {str(target.parent)!r}; make it first.")
        if not os.access(target.parent, os.W_OK | os.X_OK):
            raise MatchdayError(f"{who}: folder {str(target.parent)!r} may not be written to; name another one.")
        if target.suffix != ".toml" or target.is_dir():
            raise MatchdayError(f"{who} is no name for one; rule: a file that ends in .toml.")
        if target.exists() and not self.is_own(target) and _study_of(target) != study:
            raise MatchdayError(f"{who} is there, and is neither this agent's nor this search's; name another one.")

    def write(self, path: Path) -> None:
        """Write the file, whole or not at all; unless it is the agent's own, the agent is named after it."""
        target = path.expanduser().resolve()
        if not self.is_own(target):
            self._disown(target.stem)
        unfinished = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
        try:
            unfinished.write_text(self._document.as_string(), encoding="utf-8")
            os.replace(unfinished, target)
        except OSError as error:
            raise MatchdayError(f"Agent file {str(path)!r} cannot be written: {error.strerror}.") from error
        finally:
            unfinished.unlink(missing_ok=True)

    def is_own(self, target: Path) -> bool:
        """Whether a file is the agent's own."""
        target = target.expanduser()
        return target.exists() and self._target.exists() and target.samefile(self._target)

    def _disown(self, name: str) -> None:
        """Take another name, and say whose the words in the file are: figures in them may be of the agent it was."""
        before = str(self._document["name"])
        self._document["name"] = name
        for key in ("summary", "about"):
            text = str(self._document.get(key, "")).strip()
            if text:
                self._document[key] = f"Tuned from {before}, of which it was said: {text}"


def _put(agent: Any, parameters: Mapping[str, Mapping[str, Any]]) -> None:
    """Set parameters in an agent's table: of its own components first, and then of those inside its members."""
    names = AgentFile.model_validate(agent.unwrap()).names
    for name, entry in zip(names, agent["component"], strict=True):
        for key, value in parameters.get(name, {}).items():
            if value is not None:
                entry[key] = value
            elif Catalogue().component(entry["use"]).model_fields[key].default is None:
                entry.pop(key, None)
            else:
                raise AgentError(f"Agent {agent['name']!r}: {key} = none cannot be written in TOML.")
    left = {path: values for path, values in parameters.items() if path not in names}
    for member in members_of(AgentFile.model_validate(agent.unwrap())) if left else ():
        if within := inside(left, member.agent.name):
            _put(_table(agent["component"][member.component]["agents"], member), within)


def _table(agents: Any, member: Member) -> Any:
    """Answer the table of a member, and put it where there is but a name or a path, without what was said of it."""
    import tomlkit

    if isinstance(agents[member.place], str):
        told, table = spelled_out(member.agent), tomlkit.inline_table()
        table.update({key: told[key] for key in ("name", "component", "tuned") if key in told})
        agents[member.place] = table
        agents.multiline(True)
        table["component"].multiline(True)
    return agents[member.place]


def _study_of(target: Path) -> str | None:
    """Answer the search that an agent's file was written by; None where it is none."""
    try:
        tuned = read_agent(target).tuned
    except MatchdayError:
        return None
    return None if tuned is None else tuned.study
