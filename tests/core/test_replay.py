"""What the record has of a matchday that is played again."""

from matchday.actions import Consultation
from matchday.replay import Recorded, is_replaying, on_record, replaying


def consulted(asked, failure=""):
    return Consultation("sage", "asked m", "", asked, failure=failure)


def test_what_was_asked_twice_on_a_matchday_is_had_again_in_its_order_and_no_more_often():
    first, second, other = consulted("Who?", "late"), consulted("Who?"), consulted("Who?", "gone")
    with replaying(Recorded([(1, first), (2, other), (1, second)])):
        assert [on_record(1, "Who?") for _ in range(3)] == [first, second, None]
        assert on_record(2, "Who?") is other and on_record(2, "Why?") is None


def test_where_nothing_is_replayed_nothing_is_on_record():
    with replaying(Recorded([])):
        assert is_replaying()
        with replaying(None):
            assert not is_replaying() and on_record(1, "Who?") is None
    assert not is_replaying()
