import math

import pytest

from doubles import Level
from matchday import Catalogue, Component, hookimpl, load_agent
from matchday.agentfile import has_component, read_agent
from matchday.errors import AgentError, CatalogueError, MatchdayError
from matchday.tuned import tries

GOOD = """
name = "mine"
summary = "A test."

[[component]]
use = "doubles:Fixed"
name = "model"
home = 0.6

[[component]]
use = "doubles:Positive"

[[component]]
use = "doubles:Level"
name = "stakes"
"""


@pytest.fixture
def write(tmp_path):
    def _write(text):
        path = tmp_path / "agent.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return _write


def test_an_agent_is_read_from_a_file_with_its_parameters(write):
    agent = load_agent(write(GOOD))
    assert list(agent.components) == ["model", "doubles:Positive", "stakes"]
    assert agent.components["model"].home == 0.6


def test_parameters_can_be_set_by_component_name(write):
    agent = load_agent(write(GOOD), overrides={"stakes": {"share": 0.5}})
    assert agent.components["stakes"].share == 0.5


def test_what_an_agent_says_of_itself_builds_it_again(write):
    from matchday.agentfile import build_agent, parse_agent

    agent = load_agent(write(GOOD))
    assert build_agent(parse_agent(agent.spec(), where="spec")).spec() == agent.spec()


BAD = {
    "an unknown key": ('sumary = "x"\n' + GOOD, "unknown key 'sumary'; did you mean 'summary'"),
    "no name": (GOOD.replace('name = "mine"', ""), "key 'name' is missing"),
    "no components": ('name = "x"\ncomponent = []', "component = "),
    "an unknown parameter": (
        GOOD.replace("home =", "hom ="),
        "component 'model': unknown key 'hom'; did you mean 'home'",
    ),
    "a parameter out of range": (GOOD.replace("0.6", '"x"'), "component 'model': home = 'x'"),
    "a component without use": (GOOD.replace('use = "doubles:Fixed"\n', ""), "component 1 has no 'use'"),
    "text that is no TOML": ("name = ", "is not TOML"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_agent_file_is_refused_in_one_line(write, case):
    text, message = BAD[case]
    with pytest.raises(AgentError, match=message) as caught:
        load_agent(write(text))
    assert "\n" not in str(caught.value)


USES = {
    '"doubles:Fixd"': "module 'doubles' has no 'Fixd'; did you mean 'Fixed'",
    '"nowhere:Thing"': "'nowhere:Thing' cannot be imported: there is no module 'nowhere'; it is neither",
    '"doubles:small_season"': "rule: a class that derives from matchday.Component",
    '"elefant"': "Component 'elefant' is not installed",
}


@pytest.mark.parametrize("use", USES)
def test_a_component_that_cannot_be_had_is_refused_in_one_line(write, use):
    with pytest.raises(CatalogueError, match=USES[use]) as caught:
        load_agent(write(GOOD.replace('"doubles:Fixed"', use)))
    assert "\n" not in str(caught.value)


def test_an_override_of_an_unknown_component_is_refused(write):
    with pytest.raises(AgentError, match="no component is named 'stake'; did you mean 'stakes'"):
        load_agent(write(GOOD), overrides={"stake": {"share": 0.5}})


@pytest.fixture
def nested(write, tmp_path):
    """A committee of a bundled agent and a second opinion of two agents, each in a file."""
    for name in ("mine", "other"):
        (tmp_path / f"{name}.toml").write_text(GOOD.replace('"mine"', f'"{name}"'), encoding="utf-8")
    files = f"agents = [{str(tmp_path / 'mine.toml')!r}, {str(tmp_path / 'other.toml')!r}]"
    inner = f"{{ name = 'inner', component = [{{ use = 'second-opinion', {files} }}] }}"
    return write(f"name = 'pair'\n[[component]]\nuse = 'committee'\nagents = ['favourites-only', {inner}]\n")


def test_parameters_of_members_are_set_by_the_path_that_is_on_record_and_others_stay(nested):
    from matchday.parts import parts_of

    overrides = {"inner/mine/stakes": {"share": 0.5}, "favourites-only/proportional": {"fraction": 0.5}}
    before, after = load_agent(nested), load_agent(nested, overrides=overrides)
    parts = {part.path: part.component for part in parts_of(after)}
    assert parts["inner/mine/stakes"].share == parts["favourites-only/proportional"].fraction == 0.5
    old = {part.path: part.component.model_dump() for part in parts_of(before)}
    changed = {path for path, part in parts.items() if "agents" not in old[path] and part.model_dump() != old[path]}
    assert changed == set(overrides)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("iner/mine/stakes", "Agent 'pair': no agent in it is named 'iner'; did you mean 'inner'"),
        ("inner/mein/stakes", "Agent 'inner': no agent in it is named 'mein'; did you mean 'mine'"),
        ("inner/mine/steaks", "Agent 'mine': no component is named 'steaks'; did you mean 'stakes'"),
        ("committee/mine", "Agent 'pair': no agent in it is named 'committee'"),
        ("inner/", "Agent 'inner': no component is named ''"),
    ],
)
def test_a_parameter_of_a_member_that_is_not_there_is_refused_in_the_name_of_who_lacks_it(nested, path, message):
    with pytest.raises(AgentError, match=message):
        load_agent(nested, overrides={path: {"share": 0.5}})


def test_names_with_slashes_and_dots_of_their_own_are_set_as_they_are_on_record(write):
    slashed = GOOD.replace('"stakes"', '"a/b.c"')
    inline = "{ name = 'x/y', component = [{ use = 'favourite' }, { use = 'proportional', name = 'p.q/r' }] }"
    pair = f"name = 'pair'\n[[component]]\nuse = 'committee'\nagents = [{inline}, 'favourites-only']\n"
    assert load_agent(write(slashed), overrides={"a/b.c": {"share": 0.5}}).components["a/b.c"].share == 0.5
    found = load_agent(write(pair), overrides={"x/y/p.q/r": {"fraction": 0.5}}).components["committee"].members
    assert found["x/y"].components["p.q/r"].fraction == 0.5
    assert has_component(read_agent(write(pair)), "x/y/p.q/r")
    assert not has_component(read_agent(write(pair)), "x/y/p.q")


class Named(Component):
    """A component whose parameter ``agents`` lists no agents."""

    agents: tuple[str, ...] = ()

    @hookimpl
    def matchday_opened(self, day): ...


def test_agents_of_a_component_that_is_no_agent_of_agents_are_a_parameter_like_others(write):
    beside = f"[[component]]\nuse = '{__name__}:Named'\nname = 'notes'\nagents = ['red', 'blue']\n"
    pair = f"name = 'pair'\n{beside}[[component]]\nuse = 'committee'\nagents = ['favourites-only']\n"
    found = load_agent(write(pair), overrides={"favourites-only/proportional": {"fraction": 0.5}})
    assert found.components["notes"].agents == ("red", "blue")
    assert found.components["committee"].members["favourites-only"].components["proportional"].fraction == 0.5


def test_what_a_member_says_beside_what_is_set_of_it_stays_infinity_and_its_search_too(write, tmp_path):
    searched = "[tuned]\ntrials = 7\nseasons = ['2022-23']\nsource = 'synthetic'\nvalue = 0.1\n"
    uses = ["use = 'favourite'", "use = 'odds-range'\nmaximum = inf", "use = 'proportional'"]
    member = "".join(["name = 'm'\n", *(f"[[component]]\n{use}\n" for use in uses), searched])
    (tmp_path / "m.toml").write_text(member, encoding="utf-8")
    pair = f"name = 'pair'\n[[component]]\nuse = 'committee'\nagents = [{str(tmp_path / 'm.toml')!r}]\n"
    set_ = load_agent(write(pair), overrides={"m/proportional": {"fraction": 0.5}})
    assert set_.components["committee"].members["m"].components["odds-range"].maximum == math.inf
    assert tries(set_.spec()) == tries(load_agent(write(pair)).spec()) == 7


@pytest.mark.parametrize(
    ("agents", "message"),
    [
        ([3], "Agent 'pair': component 'committee': an agent is 3; rule"),
        (["none.toml"], "Agent 'pair': component 'committee': Agent file 'none.toml' cannot be read"),
        ([{"name": "x"}], "Agent 'pair': component 'committee': agent 'x': "),
        ("favourites-only", "Agent 'pair': no agent in it is named 'favourites-only'; there are none"),
    ],
)
def test_a_list_of_agents_that_is_none_is_refused_in_the_name_of_its_component_whatever_is_set(nested, agents, message):
    overrides = {"favourites-only/proportional": {"fraction": 0.5}, "committee": {"agents": agents}}
    with pytest.raises(MatchdayError, match=message):
        load_agent(nested, overrides=overrides)


def test_a_file_that_lists_itself_is_refused_whatever_is_set_inside(write, tmp_path):
    path = write(f"name = 'loop'\n[[component]]\nuse = 'committee'\nagents = [{str(tmp_path / 'agent.toml')!r}]\n")
    with pytest.raises(AgentError, match="lists itself"):
        load_agent(path, overrides={"loop/loop/committee": {"even_share": 0.5}})


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(AgentError, match="cannot be read: No such file"):
        load_agent(tmp_path / "none.toml")


def test_an_unknown_agent_is_refused_with_the_known_ones():
    with pytest.raises(MatchdayError, match="Agent 'nobody' is neither bundled nor a file"):
        Catalogue().agent_file("nobody")


def test_a_component_named_by_its_class_takes_that_name_in_kebab_case():
    assert Level().name == "level"
