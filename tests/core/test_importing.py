"""What an agent lists and cannot have is said in one line: what, where, and the mend."""

import re

import pytest
from pydantic import Field, ValidationError

from doubles import Everything, Level
from matchday import Agent, Catalogue, Component, Forecast, hookimpl, load_agent
from matchday.agentfile import build_agent, parse_agent
from matchday.errors import AgentError, CatalogueError


class Windowed(Component):
    window: int = Field(gt=0)

    @hookimpl
    def forecast(self, day):
        return Forecast.silent(day.slate.index)


PARAMETERS = [
    ({"windw": 3}, "unknown key 'windw'; did you mean 'window'?"),
    ({}, "key 'window' is missing."),
    ({"window": 0}, "window = 0: Input should be greater than 0."),
    ({"window": "long"}, "window = 'long': Input should be a valid integer"),
]


@pytest.mark.parametrize(("parameters", "message"), PARAMETERS)
def test_parameters_that_are_wrong_are_explained_in_a_file_and_in_python_alike(parameters, message):
    with pytest.raises(ValidationError) as caught:
        Windowed(**parameters)
    (note,) = caught.value.__notes__
    assert note.startswith("Component 'windowed': ") and message in note
    with pytest.raises(AgentError, match=re.escape(message)) as found:
        listing({"use": "windowed_module:Windowed", **parameters})
    assert str(found.value).startswith("Agent 'mine': component 'windowed_module:Windowed': ")


@pytest.fixture(autouse=True)
def module(tmp_path, monkeypatch):
    """A working directory with modules in it, one of them of the components above."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    write = lambda name, text: (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")  # noqa: E731
    write(
        "windowed_module",
        "from matchday import Component, Forecast, hookimpl\nfrom pydantic import Field\n" + WINDOWED,
    )
    write("unfinished", "from matchday import Component\n\n\nclass Mine(Component)\n    pass\n")
    write("needy", "import math\nimport not_there_at_all\n")
    write("risky", "x = 1\n\ny = x / 0\n")
    write("leaving", "import sys\n\nsys.exit(3)\n")


WINDOWED = """

class Windowed(Component):
    window: int = Field(gt=0)

    @hookimpl
    def forecast(self, day):
        return Forecast.silent(day.slate.index)


def helper(): ...


ready = Windowed(window=3)
"""


def listing(entry):
    content = {"name": "mine", "component": [entry, {"use": "doubles:Positive"}, {"use": "doubles:Level"}]}
    return build_agent(parse_agent(content, where="a test"))


IMPORTS = {
    "unfinished:Mine": "'unfinished:Mine' cannot be imported: SyntaxError: expected ':' (unfinished.py, line 4).",
    "needy:Mine": "there is no module 'not_there_at_all' (needy.py, line 2); install the package that brings it.",
    "risky:Mine": "cannot be imported: ZeroDivisionError: division by zero (risky.py, line 3).",
    "leaving:Mine": "cannot be imported: SystemExit: 3 (leaving.py, line 3).",
    "unfinishd:Mine": "there is no module 'unfinishd'; did you mean 'unfinished'?",
    "nowhere.at.all:Mine": "there is no module 'nowhere'; it is neither installed nor in the working directory.",
    "windowed_module:Windowd": "module 'windowed_module' has no 'Windowd'; did you mean 'Windowed'?",
    "windowed_module:": "no class is named; rule: module:Class",
    "./windowed_module.py:Windowed": "names no module; rule: module:Class, the module in the working directory",
    "windowed_module:Windowed.x.y": "has no 'Windowed.x.y'",
    "windowed_module:helper": "is a function; rule: a class that derives from matchday.Component.",
    "windowed_module:ready": "is an object of the class Windowed; rule: a class that derives",
    "matchday_data.synthetic:Synthetic": "is the class Synthetic, a source; rule: a class that derives",
    "synthetic": "Component 'synthetic' is a source, not a component; choose it with --source.",
    "elo-flat": "Component 'elo-flat' is an agent, not a component; play it, or list it among the agents of a",
    "recent-season": "Component 'recent-season' is a scenario, not a component; choose it with --scenario.",
    "dixon_coles": "Component 'dixon_coles' is not installed; did you mean 'dixon-coles'?",
    "unheard": "Component 'unheard' is not installed; matchday components lists what is; a class of your own is named as",
}


@pytest.mark.parametrize("use", IMPORTS)
def test_a_component_that_cannot_be_had_says_why_where_and_what_to_do(use):
    with pytest.raises(CatalogueError, match=re.escape(IMPORTS[use])) as caught:
        listing({"use": use})
    assert str(caught.value).startswith("Agent 'mine': ") and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"uses": "kelly"}, "component 1 has no 'use', but uses; name one of the catalogue."),
        ({"use": 3}, "component 1: use = 3; rule: a name, in quotes."),
    ],
)
def test_an_entry_that_names_nothing_is_refused(entry, message):
    with pytest.raises(AgentError, match=re.escape(message)):
        listing(entry)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('name = "x"\n[[components]]\nuse = "market"\n', "unknown key 'components'; did you mean 'component'?"),
        ('name = "x"\n[component]\nuse = "market"\n', "one table; write [[component]], with two brackets, above each."),
    ],
)
def test_a_list_that_is_misspelt_or_is_none_is_refused(tmp_path, text, message):
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    with pytest.raises(AgentError, match=re.escape(message)):
        load_agent("mine.toml")


def test_python_in_place_of_an_agents_file_is_refused_with_what_to_write():
    with pytest.raises(AgentError, match="is not TOML: .*; list it in one, as needy:Class."):
        load_agent("needy.py")


def test_a_component_in_place_of_an_agent_is_refused_with_what_it_is():
    with pytest.raises(CatalogueError, match="Agent 'kelly' is a component, not an agent; list it in an agent's TOML"):
        load_agent("kelly")


def test_an_installed_component_whose_package_is_broken_names_the_package_and_spares_the_others(monkeypatch):
    from importlib.metadata import EntryPoint

    entries = {"sound": EntryPoint("sound", "doubles:Level", "x"), "broken": EntryPoint("broken", "risky:Mine", "x")}
    monkeypatch.setattr(Catalogue, "_entries", lambda self, kind: entries)
    assert Catalogue().component("sound") is Level
    with pytest.raises(CatalogueError, match=re.escape("Component 'broken' (risky:Mine) cannot be imported: ZeroDiv")):
        Catalogue().component("broken")


def test_a_broken_package_is_listed_with_what_is_wrong_and_hides_no_other(monkeypatch, capsys):
    from importlib.metadata import EntryPoint

    from matchday.cli.listing import list_components

    entries = {"broken": EntryPoint("broken", "needy:Mine", "x"), "sound": EntryPoint("sound", "doubles:Level", "x")}
    monkeypatch.setattr(Catalogue, "_entries", lambda self, kind: entries)
    list_components()
    told = capsys.readouterr().out
    assert "there is no module 'not_there_at_all' (needy.py, line 2)" in " ".join(told.split())
    assert "answers size_stakes" in told


@pytest.fixture
def broken_packages(monkeypatch):
    """A package of each kind that cannot be imported, beside those that are installed."""
    from importlib import metadata

    found = metadata.entry_points

    def entry_points(*, group):
        lost = metadata.EntryPoint("lost", "risky" if group == "matchday.agents" else "risky:Mine", group)
        return metadata.EntryPoints([*found(group=group), lost])

    monkeypatch.setattr(metadata, "entry_points", entry_points)


@pytest.mark.usefixtures("broken_packages")
def test_a_package_of_agents_that_is_broken_spares_the_others_and_is_listed(capsys):
    from matchday.cli.listing import list_agents

    assert load_agent("favourites-only").name == "favourites-only"
    with pytest.raises(CatalogueError, match="Agent 'lost' is .*Package 'risky', which brings agents, cannot be imp"):
        load_agent("lost")
    list_agents()
    told = " ".join(capsys.readouterr().out.split())
    assert "favourites-only" in told and "risky: broken Package 'risky', which brings agents, cannot be" in told


@pytest.mark.usefixtures("broken_packages")
def test_a_scenario_and_a_command_that_are_broken_hide_no_other(capsys):
    from matchday.cli import main

    for arguments, others in ((["seasons"], "recent-season"), (["--help"], "stake")):
        with pytest.raises(SystemExit, match="0"):
            main(arguments)
        told = " ".join(capsys.readouterr().out.split())
        assert others in told and "roken: " in told and "ZeroDivisionError" in told
    with pytest.raises(SystemExit, match="2"):
        main(["lost", "any", "--thing"])
    assert "Command 'lost' (risky:Mine) cannot be imported: ZeroDivisionError" in capsys.readouterr().err


def test_a_name_that_two_packages_bring_is_refused_with_both(monkeypatch):
    from importlib import metadata

    found = metadata.entry_points

    def entry_points(*, group):
        own = metadata.EntryPoint("elo", "doubles:Fixed", group)
        return metadata.EntryPoints([*found(group=group), *([own] if "components" in group else [])])

    monkeypatch.setattr(metadata, "entry_points", entry_points)
    with pytest.raises(CatalogueError, match="Component 'elo' is brought by 'matchday' and 'doubles:Fixed'; uninstall"):
        Catalogue().component("elo")


def test_an_agent_is_loaded_with_one_look_at_what_is_installed_of_each_kind(monkeypatch):
    from importlib import metadata

    looked, found = [], metadata.entry_points
    monkeypatch.setattr(metadata, "entry_points", lambda *, group: looked.append(group) or found(group=group))
    assert load_agent("human-quant").name == "human-quant"
    assert sorted(looked) == ["matchday.agents", "matchday.components"]


def test_a_parameter_that_cannot_be_written_down_is_refused_in_one_line():
    class Takes(Component):
        function: object = None

        @hookimpl
        def forecast(self, day):
            return Forecast.silent(day.slate.index)

    agent = Agent("mine", [Takes(function=len), Everything(), Level()])
    with pytest.raises(AgentError, match="Component 'takes' cannot be written down: .*; rule: parameters are values"):
        agent.spec()
