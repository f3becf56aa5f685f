"""The ladder is pure: when each rung is meant for, what a look at a clock comes to, and when to look again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from apps.deadlines.ladder import LADDER, Climber, Side, climb, percents, planned

DUE = datetime(2026, 3, 3, 12, tzinfo=UTC)
DAY = timedelta(days=1)
CLOCK = Climber(due_at=DUE, limit_seconds=86_400)


def rungs(climbed):
    return [one.step.rung.value for one in climbed.due]


def look(clock, at, side=Side.PLATFORM, quiet_until=None):
    return climb(clock, side=side, at=at, quiet_until=quiet_until)


class TestThePortalsOwnLadder:
    def test_counts_the_share_of_the_time_so_that_a_hundred_is_the_due_time(self):
        assert {one.step.rung.value: one.at - DUE for one in planned(CLOCK)} == {
            "before": -DAY / 4,
            "due": timedelta(0),
            "late": DAY / 4,
            "backup": DAY / 2,
            "platform_supervisor": DAY,
            "sender_supervisor": DAY,
            "commission": 3 * DAY,
        }

    def test_looks_again_at_the_next_rung_of_its_side(self):
        early = look(CLOCK, DUE - DAY)
        assert (rungs(early), early.look_at) == ([], DUE - DAY / 4)
        sender = look(CLOCK, DUE - DAY, Side.SENDER)
        assert (rungs(sender), sender.look_at) == ([], DUE + DAY)

    def test_takes_what_was_missed_in_one_go_and_ends(self):
        climbed = look(CLOCK, DUE + 9 * DAY)
        assert rungs(climbed) == ["before", "due", "late", "backup", "platform_supervisor"]
        assert climbed.look_at is None

    def test_takes_no_rung_twice(self):
        clock = replace(CLOCK, taken={("before", 0), ("due", 0)})
        climbed = look(clock, DUE + DAY / 4)
        assert (rungs(climbed), climbed.look_at) == (["late"], DUE + DAY / 2)


class TestAPolicy:
    def test_moves_rungs_and_leaves_out_what_it_does_not_name(self):
        clock = replace(CLOCK, policy={"due": 110, "late": 0})
        assert [(one.step.rung.value, one.at - DUE) for one in planned(clock)] == [("due", DAY / 10)]

    def test_that_is_empty_is_the_portals_own(self):
        assert percents({}) == {step.rung.value: step.percent for step in LADDER}

    def test_that_holds_nonsense_takes_no_rung_for_it(self):
        assert percents({"due": "soon", "late": -3, "nobody": 80}) == {}


class TestANewRound:
    def test_counts_anew(self):
        clock = replace(CLOCK, round=1, went_on_at=DUE - DAY, taken={("before", 0), ("due", 0)})
        assert rungs(look(clock, DUE)) == ["before", "due"]

    def test_does_not_repeat_what_was_said_before_the_clock_stood_still(self):
        clock = replace(CLOCK, round=1, went_on_at=DUE - DAY / 8, taken={("before", 0)})
        climbed = look(clock, DUE - DAY / 8)
        assert (rungs(climbed), climbed.look_at) == ([], DUE)

    def test_takes_what_was_due_before_and_never_said(self):
        clock = replace(CLOCK, round=1, went_on_at=DUE - DAY / 8)
        assert rungs(look(clock, DUE - DAY / 8)) == ["before"]


class TestQuietHours:
    UNTIL = DUE + timedelta(hours=7)

    def test_let_a_rung_wait_until_the_morning(self):
        climbed = look(CLOCK, DUE, quiet_until=self.UNTIL)
        assert (rungs(climbed), climbed.look_at) == ([], self.UNTIL)
        assert rungs(look(CLOCK, self.UNTIL)) == ["before", "due", "late"]

    def test_do_not_move_what_comes_after_them(self):
        clock = replace(CLOCK, taken={("before", 0)})
        assert look(clock, DUE - DAY / 2, quiet_until=DUE - DAY / 4).look_at == DUE

    def test_do_not_count_where_somebody_may_be_woken(self):
        assert rungs(look(replace(CLOCK, may_wake=True), DUE, quiet_until=self.UNTIL)) == ["before", "due"]

    def test_do_not_keep_anything_off_the_commissions_list(self):
        at = DUE + 3 * DAY
        climbed = look(CLOCK, at, Side.SENDER, quiet_until=at + timedelta(hours=7))
        assert rungs(climbed) == ["commission"]


class TestAnAnnouncement:
    def test_lets_one_rung_wait_and_no_other(self):
        friday = DUE + timedelta(hours=20)
        clock = replace(CLOCK, taken={("before", 0), ("due", 0)}, held={"late": friday})
        climbed = look(clock, DUE + DAY / 2)
        assert (rungs(climbed), climbed.look_at) == (["backup"], friday)
        after = look(replace(clock, taken={*clock.taken, ("backup", 0)}), friday)
        assert rungs(after) == ["late"]

    def test_never_brings_a_rung_forward(self):
        clock = replace(CLOCK, held={"before": DUE - 9 * DAY})
        assert look(clock, DUE - DAY).look_at == DUE - DAY / 4


moments = st.timedeltas(timedelta(days=-3), timedelta(days=9)).map(lambda span: DUE + span)


@given(
    sweeps=st.lists(st.tuples(moments, st.none() | st.timedeltas(timedelta(minutes=1), DAY)), max_size=12),
    held=st.dictionaries(st.sampled_from([step.rung.value for step in LADDER]), moments, max_size=2),
    policy=st.dictionaries(st.sampled_from([step.rung.value for step in LADDER]), st.integers(0, 600), max_size=7),
    side=st.sampled_from(Side),
)
def test_whatever_the_sweeps_each_rung_is_taken_once_never_early_and_in_the_end(sweeps, held, policy, side):
    clock = replace(CLOCK, held=held, policy=policy)
    wanted = {one.step.rung.value: one.at for one in planned(clock) if one.step.side is side}
    taken: dict[str, datetime] = {}
    for at, quiet in sorted(sweeps, key=lambda pair: pair[0]):
        climbed = look(clock, at, side, at + quiet if quiet else None)
        for rung in rungs(climbed):
            assert rung not in taken and wanted[rung] <= at
            taken[rung] = at
        assert climbed.look_at is None or climbed.look_at > at
        assert (climbed.look_at is None) == (set(taken) == set(wanted))
        clock = replace(clock, taken={(rung, 0) for rung in taken})
    assert {*taken, *rungs(look(clock, DUE + timedelta(days=99), side))} == set(wanted)
