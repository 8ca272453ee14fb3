"""Requests are sent and answered in time, and tried again where that may help, whatever the other side does."""

import random

import pytest

from matchday_plugins.language import sending
from matchday_plugins.language.endpoint import Endpoint
from matchday_plugins.language.replies import EndpointFailed
from scripted_endpoint import Scripted, closes, late, lives, scripted, status

QUESTION = [{"role": "user", "content": "Who wins?"}]


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr(sending, "FIRST_WAIT", 0.01)


def ask(endpoint, **parameters):
    return Endpoint("scripted", endpoint.url, **{"retries": 0, **parameters}).ask(QUESTION)


@pytest.mark.parametrize("reply", [lives(), late(0.1, status(400, "no " * 50), drips=True)], ids=["signs", "an error"])
def test_nobody_is_waited_for_longer_than_was_said_though_they_go_on_talking(reply):
    with scripted(reply) as endpoint, pytest.raises(EndpointFailed) as failed:
        ask(endpoint, seconds=0.3)
    assert (failed.value.reason, failed.value.calls) == ("no answer within 0.3 s", 1)


@pytest.mark.parametrize(
    "first",
    [late(0.1, "slowly " * 50, drips=True), lives(), closes(), Scripted(b"{}", headers={"content-encoding": "gzip"})],
    ids=["late", "no answer", "closed", "damaged"],
)
def test_an_answer_that_breaks_off_or_is_late_is_asked_for_again(first):
    with scripted(first, "At last.") as endpoint:
        reply = ask(endpoint, seconds=0.3, retries=1)
    assert (reply.text, reply.calls) == ("At last.", 2)


@pytest.mark.parametrize(
    "headers",
    [{"retry-after-ms": "3600000"}, {"retry-after-ms": "x", "retry-after": "3600"}, {"retry-after-ms": "inf"}],
)
def test_who_wants_to_be_left_alone_for_more_than_two_minutes_is_not_asked_again(headers):
    with scripted(status(429, **headers)) as endpoint, pytest.raises(EndpointFailed, match="status 429"):
        ask(endpoint, retries=3)
    assert endpoint.count == 1


@pytest.mark.parametrize("headers", [{"retry-after-ms": "nonsense"}, {"retry-after-ms": "-5"}])
def test_a_wait_that_is_none_is_not_asked_for(headers):
    with scripted(status(503, **headers), "At last.") as endpoint:
        assert ask(endpoint, retries=1).calls == 2


def test_a_date_to_wait_for_is_read():
    headers = {"retry-after-ms": "x", "retry-after": "Fri, 31 Dec 2100 23:59:59 GMT"}
    with scripted(status(429, **headers)) as endpoint, pytest.raises(EndpointFailed):
        ask(endpoint, retries=3)
    assert endpoint.count == 1


def test_trying_again_draws_from_no_generator_that_all_share():
    before = random.getstate()
    with scripted(status(500), closes(), status(503, **{"retry-after-ms": "x"}), "At last.") as endpoint:
        assert ask(endpoint, retries=3).calls == 4
    assert random.getstate() == before
