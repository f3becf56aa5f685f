"""Stored clocks against their histories: random people, questions, answers, policies and calendars.

What is stored is counted again from the referral's events and from the policy that was in force, and must be the same.
`make fuzz` runs 5,000 histories, the suite 200.
"""

import os
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from apps.accounts.roles import Role
from apps.organisations.calendars import WorkingCalendar
from apps.organisations.models import Calendar
from apps.referrals import services
from apps.referrals.answers import Answer
from apps.referrals.clocks import reading_of, start_clocks, terms_of
from apps.referrals.clockwork import Act, Cause, Moment, Terms, read
from apps.referrals.models import Event, Item, Obligation, Policy, Referral, Target
from apps.referrals.transitions import State
from apps.taxonomy.limits import Limit, OnQuestion, Unit
from apps.taxonomy.outcomes import Outcome
from apps.taxonomy.urgency import TARGET_HOURS, Urgency
from apps.tenancy.context import acting_as, system
from tests.factories import PlatformFactory, ReferralFactory, ReferralUnitFactory, principal_for
from tests.referrals.test_clocks import delivery

HISTORIES = int(os.environ.get("PORTAL_CLOCK_HISTORIES", "200"))
BATCH = 50
BEGIN = datetime(2026, 3, 20, 6, tzinfo=UTC)
COUNTRIES = (("DE", "Europe/Berlin"), ("FR", "Europe/Paris"), ("PL", "Europe/Warsaw"), ("PT", "Europe/Lisbon"))
ACTS = {
    "referral.received": Act.START,
    "referral.information_requested": Act.STOP,
    "referral.information_provided": Act.GO_ON,
    "referral.answered": Act.MEET,
    "referral.withdrawn": Act.END,
}
UNITS = (Unit.HOURS, Unit.CALENDAR_DAYS, Unit.WORKING_DAYS)


class World:
    """A few units and platforms; each may change its policy at any time."""

    def __init__(self, draw: Random):
        self.draw, self.now = draw, BEGIN
        self.units = [ReferralUnitFactory() for _ in range(4)]
        self.platforms = [PlatformFactory(country=country, time_zone=zone) for country, zone in COUNTRIES]
        for platform in self.platforms[:2]:
            closed = [date(2026, 4, day) for day in draw.sample(range(1, 30), 3)]
            Calendar.objects.create(organisation=platform, closed_on=closed, updated_at=BEGIN)
        self.people = {one.pk: principal_for(one, Role.OFFICER) for one in self.units}
        self.people |= {one.pk: principal_for(one, Role.CONTACT_POINT) for one in self.platforms}

    def change_a_policy(self):
        owner = self.draw.choice([*self.units, *self.platforms])
        version = Policy.objects.filter(organisation=owner).count() + 1
        policy = Policy.objects.create(organisation=owner, version=version, created_at=self.later(longest=60))
        for urgency in self.draw.sample(["", "hour", "day"], self.draw.randint(0, 3)):
            Target.objects.create(
                organisation=owner, policy=policy, urgency=urgency, area=self.draw.choice(["", "terrorism", "food"]),
                amount=self.draw.randint(1, 40), unit=self.draw.choice(UNITS),
            )  # fmt: skip

    def later(self, longest):
        self.now += timedelta(seconds=self.draw.uniform(1, longest))
        return self.now


def live(world, referral):
    """Let people act on a referral, now and then against all sense; the services refuse what may not be."""
    sender, platform = world.people[referral.sender_id], world.people[referral.recipient_id]
    for _ in range(world.draw.randint(1, 7)):
        at = world.later(longest=world.draw.choice([60, 3600, 90_000, 400_000]))
        act = world.draw.choice(["ask", "ask", "reply", "reply", "acknowledge", "answer one", "answer all", "withdraw"])
        referral.refresh_from_db()
        try:
            one_act(act, referral, sender=sender, platform=platform, at=at)
        except services.TransitionNotAllowed:
            continue


def one_act(act, referral, *, sender, platform, at):
    by = sender if act in {"reply", "withdraw"} else platform
    with acting_as(by):
        if act == "ask":
            services.request_information(referral, text="Which?", by=by, at=at)
        elif act == "reply":
            services.provide_information(referral, text="This.", by=by, at=at)
        elif act == "acknowledge":
            services.acknowledge(referral, by=by, at=at)
        elif act == "withdraw":
            services.withdraw(referral, text="Mistaken.", by=by, at=at)
        else:
            items = Item.objects.filter(referral=referral, state="open").order_by("pk")
            wanted = items[:1] if act == "answer one" else items
            answers = [Answer(item=one.reference, outcome=Outcome.NOT_FOUND) for one in wanted]
            services.answer(answers, channel="web", by=by, at=at)


def expected_terms(referral, clock, received_at, houses):
    """Read the policies anew, the slow and obvious way; None where no such clock may run."""
    owner = referral.sender_id if clock == "answer_target" else referral.recipient_id
    calendar = WorkingCalendar.of(houses[referral.recipient_id])
    versions = [p for p in Policy.objects.filter(organisation_id=owner) if p.created_at <= received_at]
    newest = max(versions, key=lambda policy: policy.version, default=None)
    fitting = [
        line for line in (Target.objects.filter(policy=newest) if newest else [])
        if line.urgency in {"", referral.urgency} and line.area in {"", referral.area}
    ]  # fmt: skip
    if fitting:
        most = max(bool(line.urgency) + bool(line.area) for line in fitting)
        precise = [line for line in fitting if bool(line.urgency) + bool(line.area) == most]
        line = min(precise, key=lambda one: one.amount * (1 if one.unit == "hours" else 24))
        return Terms(Limit(line.amount, Unit(line.unit)), OnQuestion.PAUSE, calendar)
    if clock == "platform_target":
        return None
    return Terms(Limit(TARGET_HOURS[Urgency(referral.urgency)], Unit.HOURS), OnQuestion.PAUSE, calendar)


def history_of(referral):
    """The events in the order in which they were written; a clock is started before whatever caused its start."""
    events = Event.objects.filter(referral=referral, verb__in=ACTS).order_by("at", "id").values_list("verb", "at")
    moments = [Moment(ACTS[verb], at, Cause.QUESTION) for verb, at in events]
    return sorted(moments, key=lambda one: (one.at, one.act is not Act.START))


def check(referral, houses):
    history = history_of(referral)
    stored = {row.clock: row for row in Obligation.objects.filter(referral=referral)}
    if not any(one.act is Act.START for one in history):
        assert not stored and referral.due_at is None
        return 0
    received_at = next(one.at for one in history if one.act is Act.START)
    for clock in ("answer_target", "platform_target"):
        terms = expected_terms(referral, clock, received_at, houses)
        assert (clock in stored) is (terms is not None)
        if terms:
            row, shown = stored[clock], read(history, terms)
            assert reading_of(row) == shown == read(history, terms_of(row))
            assert row.paused_since == shown.paused_since
    running = [row for row in stored.values() if not row.is_over and row.paused_since is None]
    strictest = min((row.due_at for row in running), default=None)
    leading = [row.due_at for row in running if row.is_leading]
    assert leading == ([strictest] if running else [])
    open_items = set(Item.objects.filter(referral=referral, state="open").values_list("due_at", flat=True))
    if referral.state in {State.RECEIVED, State.ACKNOWLEDGED, State.INFO_REQUESTED}:
        assert referral.due_at == strictest and open_items == {strictest}
    for row in stored.values():
        wanted = row in running and row.is_leading
        assert (row.chase_at is not None, row.escalate_at is not None) == (wanted, wanted)
    return len(stored)


@pytest.mark.django_db
@pytest.mark.parametrize("number", range((HISTORIES + BATCH - 1) // BATCH))
def test_every_stored_clock_is_what_its_history_says(number):
    draw = Random(2026 + number)
    world = World(draw)
    referrals = []
    for _ in range(BATCH):
        if draw.random() < 0.3:
            world.change_a_policy()
        referral = ReferralFactory(
            sender=draw.choice(world.units), recipient=draw.choice(world.platforms), state=State.SENT,
            urgency=draw.choice(["hour", "day", "standard"]), area=draw.choice(["terrorism", "food"]), items=2,
        )  # fmt: skip
        referrals.append(referral)
        if draw.random() < 0.8:
            delivery(referral, received_at=world.later(longest=40_000))
            with acting_as(system("start clocks")):
                start_clocks()
        live(world, referral)
    houses = {one.pk: one for one in [*world.units, *world.platforms]}
    checked = sum(check(one, houses) for one in Referral.objects.filter(pk__in=[r.pk for r in referrals]))
    assert checked >= BATCH // 2
