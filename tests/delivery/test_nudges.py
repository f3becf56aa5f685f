import pytest
from kombu.exceptions import OperationalError

from apps.delivery import nudges


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    monkeypatch.setattr(nudges, "_quiet_until", 0.0)


def refuse():
    raise OperationalError("Connection refused.")


def test_a_broker_that_is_away_is_asked_once_and_then_left_alone():
    asked = []

    def away():
        asked.append(1)
        refuse()

    assert [nudges.nudge(away) for _ in range(5)] == [False] * 5
    assert len(asked) == 1


def test_it_is_asked_again_after_a_while(monkeypatch):
    nudges.nudge(refuse)
    monkeypatch.setattr(nudges, "_quiet_until", 0.0)

    assert nudges.nudge(lambda: None)


def test_a_mistake_of_ours_is_not_taken_for_a_broker_away():
    with pytest.raises(ZeroDivisionError):
        nudges.nudge(lambda: 1 / 0)
