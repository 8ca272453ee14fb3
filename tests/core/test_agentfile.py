import pytest

from doubles import Level
from matchday import Catalogue, load_agent
from matchday.errors import AgentError, CatalogueError, MatchdayError

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


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(AgentError, match="cannot be read: No such file"):
        load_agent(tmp_path / "none.toml")


def test_an_unknown_agent_is_refused_with_the_known_ones():
    with pytest.raises(MatchdayError, match="Agent 'nobody' is neither bundled nor a file"):
        Catalogue().agent_file("nobody")


def test_a_component_named_by_its_class_takes_that_name_in_kebab_case():
    assert Level().name == "level"
