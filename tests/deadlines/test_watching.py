"""Beat stops and comes back, in simulated time: who is told what, and how often."""

import itertools
import smtplib
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as django_settings

from apps.deadlines.management.commands.sweep import OF_STRANGERS, SWEEPS
from apps.deadlines.models import Alarm, Backlog
from apps.deadlines.services import watch
from apps.deadlines.watch import alarms, backlogs
from apps.deadlines.watch.backlogs import CAP, QUESTIONS
from apps.deadlines.watch.heartbeats import note_run
from apps.deadlines.watch.limits import Verdict
from apps.deadlines.watch.state import limits, state
from apps.deadlines.watch.words import of_pile, of_runner
from apps.delivery.models import Delivery, InboundMail
from apps.referrals.models import Obligation, StatementPlan
from apps.referrals.transitions import State as ReferralState
from apps.tenancy.context import acting_as, system
from tests.deadlines.conftest import RECIPIENTS
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, UserFactory

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TASKS = sorted({str(entry["task"]) for entry in django_settings.CELERY_BEAT_SCHEDULE.values()})
NUMBERS = itertools.count(1)
MINUTE = timedelta(minutes=1)


class Machine:
    """A machine whose clock we turn: every minute beat, workers and sweeper do what they do while they are up."""

    def __init__(self):
        self.at = NOON
        self.beat = self.sweeper = True

    def pass_minutes(self, count):
        for _minute in range(count):
            self.at += MINUTE
            if self.beat:
                note_run([*TASKS, "beat"], at=self.at)
            if self.sweeper:
                note_run(["sweeper", *(task.name for task in SWEEPS), *OF_STRANGERS], at=self.at)
            if self.beat or self.sweeper:
                watch(starting=self.beat, at=self.at)


@pytest.fixture
def machine(told, postman):
    machine = Machine()
    machine.pass_minutes(5)
    return machine


def subjects(postman):
    return [letter["Subject"] for _to, letter in postman.letters]


class TestBeatStops:
    def test_nobody_is_told_while_everything_runs(self, machine, postman):
        machine.pass_minutes(30)
        assert postman.letters == []
        assert not Alarm.objects.exists()

    def test_each_is_told_once_after_the_limit_and_once_when_it_runs_again(self, machine, postman):
        limit = limits()["beat"].seconds
        machine.beat = False
        machine.pass_minutes(int(limit // 60))
        assert postman.letters == []

        machine.pass_minutes(1)
        assert sorted(to for to, _letter in postman.letters) == [[one] for one in sorted(RECIPIENTS)]
        text = postman.letters[0][1].get_body(("plain",)).get_content()
        assert "Beat, which starts what is due: Has not run for 3 min. Expected every 30 s." in text

        machine.beat = True
        machine.pass_minutes(1)
        assert subjects(postman)[-2:] == ["The portal runs again"] * 2
        assert len(postman.letters) == 4
        machine.pass_minutes(90)
        assert len(postman.letters) == 4

    def test_each_is_told_once_an_hour_while_it_lasts(self, machine, postman):
        machine.beat = False
        machine.pass_minutes(3 + 150)
        mine = [letter for to, letter in postman.letters if to == [RECIPIENTS[0]]]
        assert len(mine) == 3

    def test_what_nobody_starts_is_awaited_and_not_late(self, machine):
        machine.beat = False
        machine.pass_minutes(60)
        found = {one.name: one for one in state(at=machine.at).runners}
        assert found["beat"].verdict is Verdict.LATE
        assert found["statistics.refresh"].verdict is Verdict.AWAITED
        assert of_runner(found["statistics.refresh"]).startswith("Last ran 60 min ago, before an interruption.")

    def test_one_that_comes_and_goes_within_the_hour_is_told_once(self, machine, postman):
        for _time in range(3):
            machine.beat = False
            machine.pass_minutes(5)
            machine.beat = True
            machine.pass_minutes(5)
        late = [one for one in subjects(postman) if "late" in one]
        again = [one for one in subjects(postman) if "again" in one]
        assert (len(late), len(again)) == (2, 2)

    def test_the_sweeper_is_watched_by_beat(self, machine, postman):
        machine.sweeper = False
        machine.pass_minutes(11)
        assert "Sweeper, which does what was forgotten: Has not run for 11 min." in str(postman.letters[0][1])

    def test_nobody_is_told_of_a_night_in_which_everything_was_down(self, machine, postman):
        machine.beat = machine.sweeper = False
        machine.pass_minutes(600)
        machine.beat = machine.sweeper = True
        machine.pass_minutes(30)
        assert postman.letters == []

    def test_a_failing_task_is_late_though_it_starts(self, machine):
        later = machine.at + timedelta(seconds=limits()["statistics.refresh"].seconds + 1)
        note_run(["statistics.refresh"], error=ValueError(), at=later)
        found = {one.name: one for one in state(at=later).runners}["statistics.refresh"]
        assert found.verdict is Verdict.LATE
        assert of_runner(found) == "Has failed for 16 min. Expected every 5 min."


class TestAnAlarm:
    @pytest.fixture
    def late(self, told):
        note_run(["beat"], at=NOON - timedelta(hours=1))
        return state(at=NOON)

    def tell(self, late, at=NOON):
        return alarms.tell(late, recipients=RECIPIENTS, at=at)

    def test_is_sent_by_one_of_two_processes(self, late, postman, monkeypatch):
        """The second looks while the first hands its mail over."""
        hand_over, seconds = alarms.hand_over, []

        def meanwhile(mail, *, backend):
            seconds.append(self.tell(late))
            return hand_over(mail, backend=backend)

        monkeypatch.setattr(alarms, "hand_over", meanwhile)
        assert self.tell(late) == 2
        assert seconds == [0, 0]
        assert len(postman.letters) == 2

    def test_is_sent_by_another_when_the_first_was_killed(self, late, postman, monkeypatch):
        class Killed(BaseException):
            pass

        def dies(mail, *, backend):
            raise Killed

        with monkeypatch.context() as patched:
            patched.setattr(alarms, "hand_over", dies)
            with pytest.raises(Killed):
                self.tell(late)
        assert self.tell(late) == 0
        assert self.tell(late, at=NOON + alarms.LEASE) == 2

    def test_is_tried_again_where_the_mail_server_refuses(self, late, postman):
        postman.to_recipient[RECIPIENTS[0]] = "450 later"
        assert self.tell(late) == 1
        postman.to_recipient.clear()
        assert self.tell(late, at=NOON + MINUTE) == 1
        assert sorted(to for to, _letter in postman.letters) == [[one] for one in sorted(RECIPIENTS)]

    def test_costs_the_round_nothing_where_the_mail_server_is_away(self, late, monkeypatch):
        def away(mail, *, backend):
            raise smtplib.SMTPServerDisconnected("gone")

        monkeypatch.setattr(alarms, "hand_over", away)
        assert self.tell(late) == 0

    def test_is_for_nobody_where_nobody_is_named(self, late):
        assert alarms.tell(late, recipients=(), at=NOON) == 0
        assert not Alarm.objects.exists()

    def test_ends_for_whoever_is_no_longer_named(self, late, postman):
        self.tell(late)
        alarms.tell(late, recipients=RECIPIENTS[:1], at=NOON + MINUTE)
        assert Alarm.objects.get(recipient=RECIPIENTS[1], subject="run:beat").ended_at == NOON + MINUTE

    def test_has_both_forms_and_no_automatic_reply(self, late, postman):
        self.tell(late)
        letter = postman.letters[0][1]
        assert letter["Auto-Submitted"] == "auto-generated"
        assert "Beat, which starts what is due" in letter.get_body(("html",)).get_content()


def test_watching_costs_few_queries_whatever_waits(told, django_assert_num_queries):
    watch(at=NOON)
    with django_assert_num_queries(12):
        watch(at=NOON + MINUTE)
    ReferralFactory.create_batch(3, state=ReferralState.SENT)
    with django_assert_num_queries(12):
        watch(at=NOON + 2 * MINUTE)


class TestBacklogs:
    def ask(self, name, at=NOON):
        return {found: (count, oldest) for found, count, oldest in backlogs.ask(at=at)}[name]

    def test_are_all_empty_in_an_empty_house(self):
        assert {count for _name, count, _oldest in backlogs.ask(at=NOON)} == {0}

    @pytest.mark.parametrize(("urgent", "name"), [(True, "urgent_outbox"), (False, "outbox")])
    def test_know_what_is_to_be_sent(self, urgent, name):
        for minutes in (9, 3, -3):
            deliver(urgent=urgent, next_at=NOON - minutes * MINUTE)
        deliver(urgent=urgent, next_at=NOON - 20 * MINUTE, state="sending", lease_until=NOON + MINUTE)
        assert self.ask(name) == (2, NOON - 9 * MINUTE)

    def test_know_receipts_without_a_clock(self):
        referral = ReferralFactory(state=ReferralState.SENT)
        deliver(about=referral.reference, state="delivered", received_at=NOON - MINUTE, proof={})
        assert self.ask("receipts") == (1, NOON - MINUTE)

    def test_know_which_clocks_nobody_has_looked_at(self):
        looked_at, platforms, senders = ReferralFactory.create_batch(3, state=ReferralState.RECEIVED)
        clocks = Obligation.objects.filter
        clocks(referral=looked_at).update(chase_at=NOON + MINUTE, escalate_at=NOON + MINUTE)
        clocks(referral=platforms).update(chase_at=NOON - MINUTE)
        clocks(referral=senders).update(escalate_at=NOON - 9 * MINUTE)
        assert self.ask("obligations") == (2, NOON - 9 * MINUTE)

    def test_know_letters_and_replies(self):
        letter(1, state="new", received_at=NOON - MINUTE)
        letter(2, state="read", kind="reply", received_at=NOON - 9 * MINUTE, read_at=NOON - 8 * MINUTE)
        assert self.ask("letters") == (1, NOON - MINUTE)
        assert self.ask("replies") == (1, NOON - 8 * MINUTE)

    def test_know_whose_night_is_over(self):
        platform = PlatformFactory(time_zone="Europe/Athens")
        StatementPlan.objects.create(
            organisation=platform, nightly=True, filed_on="2026-03-01", changed_at=NOON, changed_by=UserFactory()
        )
        assert self.ask("statement_files") == (1, datetime(2026, 3, 1, 22, tzinfo=UTC))

    def test_know_what_was_given_up(self):
        deliver(state="dead")
        assert self.ask("dead_letters")[0] == 1

    def test_are_late_by_their_oldest_and_say_so(self, told):
        deliver(next_at=NOON - 11 * MINUTE)
        backlogs.measure(at=NOON)
        pile = {one.question.name: one for one in state(at=NOON).piles}["outbox"]
        assert pile.is_late
        assert of_pile(pile) == "1 waits, for 11 min. More than 10 min is late."
        told(limits={"outbox": 3600})
        assert not state(at=NOON).late_piles

    def test_count_up_to_a_cap(self, monkeypatch):
        monkeypatch.setattr(backlogs, "CAP", 2)
        for minutes in (1, 2, 3):
            deliver(next_at=NOON - minutes * MINUTE)
        assert self.ask("outbox") == (2, NOON - 3 * MINUTE)
        assert CAP == 1000

    def test_are_kept_as_counted_last(self):
        deliver(next_at=NOON)
        backlogs.measure(at=NOON)
        Delivery.objects.all().delete()
        backlogs.measure(at=NOON + MINUTE)
        backlogs.measure(at=NOON)
        assert set(Backlog.objects.values_list("waiting", "measured_at")) == {(0, NOON + MINUTE)}
        assert Backlog.objects.count() == len(QUESTIONS)

    def test_are_asked_as_the_system_alone(self):
        """As the role that sweeps: a question that needs a table it must not see would fail here."""
        with acting_as(system("test")):
            assert len(backlogs.ask(at=NOON)) == len(QUESTIONS)


def deliver(**facts):
    number = next(NUMBERS)
    usual = {
        "sender": facts.pop("sender", None) or ReferralUnitFactory(),
        "recipient": PlatformFactory(),
        "key": f"watched-{number}",
        "channel": "webhook",
        "message": "referral_sent",
        "about": f"R-WATCH-{number:06}",
        "next_at": NOON,
        "created_at": NOON,
    }
    return Delivery.objects.create(**{**usual, **facts})


def letter(number, **facts):
    return InboundMail.objects.create(digest=bytes([number]) * 32, raw=b"", **facts)
