"""Write the pages that come from the program: its hooks, components, agents and events.

python docs/generate.py        after a change to any of them; a test fails until it is done
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import re
import typing
from collections.abc import Callable, Iterator
from importlib import resources, util
from pathlib import Path
from typing import Any

import matchday.events as vocabulary
from matchday import Agent, Catalogue, Component, Source, load_agent
from matchday.agentfile import AgentFile, read_agent
from matchday.assembly import ONE_ANSWERS, implementations
from matchday.cli.describing import TOLD, default_of, description, role, type_of
from matchday.cli.listing import search_of
from matchday.decision import Step
from matchday.hooks import Hooks
from matchday.ledger import Bet, SettledBet, Settlement
from matchday.slate import Diagnosis

DOCS = Path(__file__).parent
BUNDLED = ("matchday_plugins", "matchday_data")

#: Groups of the page of components, each with what its members do; the first that fits is a component's.
GROUPS = {
    "Agents of agents, and others that decide": "answers decide",
    "Watches": "answers diagnose",
    "Models": "answers forecast",
    "Blends": "answers blend",
    "Calibrators": "wraps blend",
    "Edge rules": "answers find_edges",
    "Filters": "wraps find_edges",
    "Stakings": "answers size_stakes",
    "Guards, and other wrappers of a staking": "wraps size_stakes",
}
IN_ORDER = ("Models", "Blends", "Calibrators", "Watches", *list(GROUPS)[5:], next(iter(GROUPS)))

#: The values inside events, beside those that have a place of their own among the public names.
VALUES = (Diagnosis, Step, Bet, SettledBet, Settlement)

REFERENCE = re.compile(r"^[\w’'-]+, (?:[A-Z]\.|et al).*\(\d{4}\)", re.S)


def main() -> None:
    """Write every page."""
    for name, write in PAGES.items():
        (DOCS / name).write_text(write(), encoding="utf-8")


def page(title: str, source: str, *parts: str) -> str:
    """Put a page together, with a word on where it comes from that only its editors see."""
    made = f"<!-- Made by docs/generate.py from {source}; change that, and run it. -->"
    return "\n\n".join([f"# {title}", made, *parts]) + "\n"


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Write a table."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines)


def hooks() -> str:
    """The page of hooks."""
    intro = (
        "A component is a class with methods that bear a hook's name, marked `@hookimpl`. The hooks are "
        "[pluggy](https://pluggy.readthedocs.io/)'s, here in the order of a matchday; arguments are passed by name, so "
        "that a method takes only those it uses. How they make an agent: [the three ways to compose](composing.md). "
        "What the arguments are: [the public names](api.md)."
    )
    listed = table(
        ("hook", "how answers compose"), [(f"[`{name}`](#{name})", composition(name)) for name in ONE_ANSWERS]
    )
    return page("Every hook", "core/matchday/hooks.py", intro, listed, *(hook(name) for name in ONE_ANSWERS))


def composition(name: str) -> str:
    """Say how the answers to a hook compose."""
    if name in TOLD:
        return "everybody is told"
    return "one answers; wrappers act on its answer in the order of the list" if ONE_ANSWERS[name] else "collected"


def hook(name: str) -> str:
    """One hook: its signature, composition, description, and who implements it."""
    specification = getattr(Hooks, name)
    told = [f"**How answers compose:** {composition(name)}."]
    for verb, wraps in (("Implemented", False), ("Wrapped", True)):
        who = [
            f"[`{each}`](components.md#{each})"
            for each, kind in components_bundled().items()
            if name in implementations(kind) and bool(implementations(kind)[name].get("wrapper")) is wraps
        ]
        told += [f"**{verb} by** {', '.join(who)}."] if who else []
    if name == "decide":
        told.append("Without one of them the core answers, by the five hooks `diagnose` to `size_stakes`.")
    signature = str(inspect.signature(specification)).replace("(self, ", "(")
    code = f"```python\ndef {name}{signature.replace(chr(39), '')}: ...\n```"
    return "\n\n".join([f"## `{name}`", code, inspect.getdoc(specification) or "", *told])


def components() -> str:
    """The page of components, and of sources."""
    groups = {name: {} for name in IN_ORDER} | {"Sources": bundled("source")}
    for name, kind in components_bundled().items():
        does = role(kind).split(", ")
        groups[next(group for group, part in GROUPS.items() if part in does)][name] = kind
    intro = (
        "What an agent's list can `use`, with all parameters: the same in TOML, with `--set NAME.PARAMETER=VALUE` and "
        "in Python. `matchday components NAME` shows the same of any component that is installed, yours too. Sources "
        "are chosen with `--source`, their parameters with `--set source.PARAMETER=VALUE`."
    )
    index = table(
        ("", ""),
        [(name, ", ".join(f"[`{each}`](#{each})" for each in kinds)) for name, kinds in groups.items()],
    )
    parts = (part for name, kinds in groups.items() for part in (f"## {name}", *map(component, kinds, kinds.values())))
    return page("Every component", "the components' docstrings and parameters", intro, index, *parts)


def component(name: str, kind: type[Component] | type[Source]) -> str:
    """One component: what it does, its parameters, and the literature it follows."""
    does = f"*{role(kind)}* · " if issubclass(kind, Component) else ""
    said = description(kind)
    known = " ".join(said.split())
    read = [each for each in references(kind.__module__) if each not in known]
    fields = [
        (f"`{parameter}`", type_of(field), f"`{default_of(field)}`", field.description or "")
        for parameter, field in kind.model_fields.items()
    ]
    shown = table(("parameter", "type", "default", "meaning"), fields) if fields else "It has no parameters."
    where = f"{does}`{kind.__module__}:{kind.__qualname__}`"
    traits = ", ".join(f"`{trait}`" for trait in sorted(getattr(kind, "traits", ())))
    credit = f"Traits that an [audit](auditing.md) gives credit for: {traits}." if traits else ""
    source = f"Source: {' '.join(read)}" if read else ""
    return "\n\n".join(filter(None, [f"### `{name}`", where, said, shown, credit, source]))


def references(module: str) -> Iterator[str]:
    """Find the literature in a module's docstring, and in those of the modules that it points to."""
    docstring = inspect.getdoc(importlib.import_module(module)) or ""
    for paragraph in docstring.split("\n\n"):
        if REFERENCE.match(paragraph):
            yield " ".join(re.sub(r"The [\w' ]+ stand in .*", "", paragraph, flags=re.S).split())
    for pointed in re.findall(r"``(\w+(?:\.\w+)+)``", docstring):
        there = f"{module.rpartition('.')[0]}.{pointed}"
        if util.find_spec(there):
            yield from references(there)


def agents() -> str:
    """The page of agents."""
    intro = (
        "Agents that come with the package: `matchday play NAME` plays one, `matchday agents NAME` shows it with all "
        "parameters, the defaults too. Each is a TOML file in `plugins/matchday_plugins/baselines/` to copy and "
        "change. What they made of real seasons: [results](results.md)."
    )
    names = sorted(
        file.name.removesuffix(".toml")
        for file in resources.files("matchday_plugins.baselines").iterdir()
        if file.name.endswith(".toml")
    )
    files = {name: read_agent(name) for name in names}
    listed = table(("agent", ""), [(f"[`{name}`](#{name})", file.summary) for name, file in files.items()])
    shown = (agent(file, load_agent(name)) for name, file in files.items())
    return page("Every agent", "the agents' TOML files", intro, listed, *shown)


def agent(file: AgentFile, made: Agent) -> str:
    """One agent: what it is about, its list, and what its parameters were chosen on."""
    rows = []
    for entry in file.component:
        name = entry.get("name", entry["use"])
        given = ", ".join(f"`{key} = {toml(value)}`" for key, value in entry.items() if key not in {"use", "name"})
        rows.append((f"`{name}`", f"[`{entry['use']}`](components.md#{entry['use']})", given))
    listed = table(("component", "use", "parameters that are not the defaults"), rows)
    search = search_of(made)
    about = " ".join(file.about.split())
    return "\n\n".join(filter(None, [f"## `{file.name}`", file.summary, about, listed, search]))


def toml(value: Any) -> str:
    """Write a value as TOML has it."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return str(value).lower() if isinstance(value, bool) else repr(value).replace("'", '"')


def events() -> str:
    """The page of events."""
    intro = (
        "`play` is a generator of these, and the run store keeps them: `matchday runs RUN --events` prints a run's, "
        "one object of JSON a line, with the name of the event as `event`."
    )
    kinds = typing.get_args(vocabulary.Event)
    code = (
        "```python\nfrom matchday import Catalogue, load_agent, play\nfrom matchday.events import SlipPlaced\n\n"
        'season = Catalogue().load("source", "synthetic")(seed=1).season("2023-24")\n'
        'for event in play(load_agent("dixon-coles"), season):\n'
        "    if isinstance(event, SlipPlaced):\n"
        "        print(event.matchday, [(bet.match_id, bet.selection, bet.stake) for bet in event.bets])\n```"
    )
    described = inspect.getdoc(vocabulary) or ""
    inside = "Money is in whole pence, odds are decimal, and NaN (in JSON `null`) is not known."
    return page(
        "Every event",
        "core/matchday/events.py",
        described,
        intro,
        code,
        *(value(kind, heading="##") for kind in kinds),
        "## Values in events",
        inside,
        *(value(kind, heading="###") for kind in VALUES),
    )


def value(kind: type, *, heading: str) -> str:
    """One event or value: what it means, and its fields."""
    fields = dataclasses.fields(kind)
    rows = [(f"`{each.name}`", f"`{each.type}`".replace(" | ", " or "), default(each)) for each in fields]
    shown = table(("field", "type", "default"), rows)
    return "\n\n".join([f"{heading} `{kind.__name__}`", inspect.getdoc(kind) or "", shown])


def default(field: dataclasses.Field[Any]) -> str:
    """Write a field's default, where it has one."""
    return "" if field.default is dataclasses.MISSING else f"`{field.default!r}`"


def components_bundled() -> dict[str, type[Component]]:
    """The components that come with the package, by name."""
    return bundled("component")


def bundled(kind: str) -> dict[str, Any]:
    """What comes with the package of a kind, by name: what other packages have installed is left out."""
    catalogue = Catalogue()
    found = {name: catalogue.load(kind, name) for name in catalogue.names(kind)}
    return {name: each for name, each in found.items() if each.__module__.split(".")[0] in BUNDLED}


PAGES: dict[str, Callable[[], str]] = {
    "hooks.md": hooks,
    "components.md": components,
    "agents.md": agents,
    "events.md": events,
}

if __name__ == "__main__":
    main()
