"""Many seasons behind one set of tools, each call saying which one it means."""

import pytest

from matchday.environment import Host, Sessions, Task
from matchday.environment.tools import TOOLS
from matchday.serving.episodes import Episodes

LEAGUE = {"synthetic": {"clubs": 4, "history": 1}}
TASKS = [Task(name=name, source="synthetic", season="2024-25", seed=seed) for name, seed in [("one", 1), ("two", 2)]]


def episodes(**options):
    return Episodes(Host(TASKS, parameters=LEAGUE, **options), Sessions(limit=3))


def open_episode(game, task):
    return game.call("open_episode", {"task": task}).figures["episode"]


def test_what_is_answered_to_each_is_what_its_own_environment_would_answer():
    game, host = episodes(), Host(TASKS, parameters=LEAGUE)
    alone = {open_episode(game, task.name): host.open(task) for task in TASKS}
    while not all(env.finished for env in alone.values()):
        for episode, env in alone.items():
            for name, arguments in [("view_matches", {}), ("view_history", {"table": "odds"}), ("next_matchday", {})]:
                assert game.call(name, {**arguments, "episode": episode}) == env.call(name, arguments)


def test_every_tool_takes_the_episode_and_has_the_schema_of_its_own_besides():
    game = episodes()
    by_name = {tool.name: tool for tool in game.tools}
    assert list(by_name) == ["list_tasks", "open_episode", "close_episode", *(tool.name for tool in TOOLS)]
    for tool in TOOLS:
        schema = by_name[tool.name].schema
        assert schema["properties"].pop("episode")["type"] == "string"
        assert schema["required"] == [*tool.schema.get("required", []), "episode"]
        assert schema["properties"] == tool.schema["properties"] and not schema["additionalProperties"]


def test_no_model_may_be_asked_where_none_is_offered():
    assert "forecast" not in [tool.name for tool in episodes(models=[]).tools]


def test_opening_tells_the_rules_and_the_id_and_listing_what_can_be_opened():
    game = episodes()
    assert game.call("list_tasks").figures == {"tasks": ["one", "two"]}
    answer = game.call("open_episode", {"task": "two"})
    assert answer.figures["episode"] in answer.text and "Bankroll: 100.00." in answer.text


def test_nobody_reads_the_id_of_an_episode_off_its_folder_of_files(monkeypatch):
    folders, open_environment = [], Host.open

    def noting(self, task, *, session, **more):
        folders.append(session)
        return open_environment(self, task, **more)

    monkeypatch.setattr(Host, "open", noting)
    game = episodes()
    ids = {open_episode(game, "one") for _ in range(2)}
    assert len(set(folders)) == 2 and not ids & set(folders)


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("open_episode", {"task": "tow"}, "there is no task 'tow'; did you mean 'two'?"),
        ("open_episode", {}, "key 'task' is missing"),
        ("view_matches", {}, "key 'episode' is missing"),
        ("view_matches", {"episode": 1}, "episode"),
        ("view_matches", {"episode": "nobody"}, "there is no episode 'nobody'"),
        ("close_episode", {"episode": "nobody"}, "there is no episode 'nobody'"),
        ("view_match", {"episode": "nobody"}, "did you mean 'view_matches'?"),
        ("view_matches", None, "key 'episode' is missing"),
    ],
)
def test_a_mistake_is_answered_and_opens_closes_and_moves_nothing(name, arguments, says):
    game = episodes()
    there = {"episode": open_episode(game, "one")}
    before = game.call("view_bankroll", there)
    answer = game.call(name, arguments)
    assert not answer.ok and says in answer.text
    assert game.call("view_bankroll", there) == before


def test_one_that_is_closed_is_gone_and_makes_room():
    game = episodes()
    first, *_ = (open_episode(game, "one") for _ in range(3))
    assert "3 episodes are open" in game.call("open_episode", {"task": "one"}).text
    assert game.call("close_episode", {"episode": first}).ok
    assert not game.call("view_matches", {"episode": first}).ok
    assert game.call("open_episode", {"task": "one"}).ok
