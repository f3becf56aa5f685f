"""What happens to each filing, drawn from one seeded generator: the same seed and the same `now` give the same year."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from apps.organisations.models import Kind
from apps.organisations.models.platform import ServiceType, SizeClass
from apps.portal.demo.cast import House, PlatformHouse
from apps.portal.demo.words import CONTENT_LANGUAGES, MATTERS
from apps.referrals.instruments import Instrument
from apps.taxonomy.areas import Area
from apps.taxonomy.outcomes import Outcome, RefusalReason
from apps.taxonomy.urgency import Urgency

YEAR = timedelta(days=355)
WORKING_HOURS = (8, 9, 9, 10, 10, 11, 13, 14, 14, 15, 16)
FRESH = timedelta(days=9)
QUARTER = timedelta(days=90)  # what nobody answered by then was mostly taken back
JUST_NOW = timedelta(hours=3)
NOW_IS_OVER = timedelta(minutes=3)  # nothing happens in the last minutes: what is drawn lies in the past

OUTCOMES = {Outcome.REMOVED: 910, Outcome.NO_ACTION: 55, Outcome.DISABLED_EU: 20, Outcome.ACCOUNT_TERMINATED: 15}
REFUSALS = (
    RefusalReason.NOT_AGAINST_TC,
    RefusalReason.INSUFFICIENTLY_PRECISE,
    RefusalReason.JOURNALISTIC_ACADEMIC_ARTISTIC,
)
ITEMS = {1: 340, 2: 260, 3: 180, 4: 120, 7: 70, 15: 25, 60: 5}  # addresses per referral, and how often
TRAFFIC = {SizeClass.VLOP: 8, SizeClass.LARGE: 5, SizeClass.MEDIUM: 3, SizeClass.SMALL: 2, SizeClass.MICRO: 1}
URGENCIES = {Urgency.HOUR: 6, Urgency.DAY: 46, Urgency.STANDARD: 48}


class Fate(StrEnum):
    """How far a referral has come by now."""

    DRAFT = "draft"
    RETURNED = "returned"
    IN_REVIEW = "in_review"
    LEAVING = "leaving"
    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    ASKED = "asked"
    BEGUN = "begun"
    OVERDUE = "overdue"
    WITHDRAWN = "withdrawn"
    ANSWERED = "answered"
    CLOSED = "closed"


SETTLED = {Fate.CLOSED: 66, Fate.ANSWERED: 32, Fate.WITHDRAWN: 2}
RECENT = {
    Fate.DRAFT: 6,
    Fate.RETURNED: 4,
    Fate.IN_REVIEW: 14,
    Fate.LEAVING: 3,
    Fate.RECEIVED: 20,
    Fate.ACKNOWLEDGED: 12,
    Fate.ASKED: 8,
    Fate.BEGUN: 10,
    Fate.OVERDUE: 14,
    Fate.WITHDRAWN: 4,
    Fate.ANSWERED: 24,
}
UNSENT = frozenset({Fate.DRAFT, Fate.RETURNED, Fate.IN_REVIEW})
FINISHED = frozenset({Fate.ANSWERED, Fate.CLOSED})


@dataclass(slots=True)
class ItemStory:
    path: str
    language: str
    content_type: str
    outcome: str = ""
    refusal: str = ""
    decided_at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class ReferralStory:
    """One referral. Times are in order; None has not happened."""

    platform: PlatformHouse
    fate: Fate
    urgency: Urgency
    items: list[ItemStory]
    submitted_at: datetime | None = None
    sent_at: datetime | None = None
    received_at: datetime | None = None
    acknowledged_at: datetime | None = None
    asked_at: datetime | None = None
    replied_at: datetime | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    withdrawn_at: datetime | None = None
    returned_at: datetime | None = None

    @property
    def limit(self) -> timedelta:
        return timedelta(hours=self.urgency.target_hours)

    @property
    def due_at(self) -> datetime | None:
        """With the pauses that have ended."""
        if self.received_at is None:
            return None
        pause = self.replied_at - self.asked_at if self.replied_at and self.asked_at else timedelta()
        return self.received_at + self.limit + pause


@dataclass(slots=True, kw_only=True)
class CaseStory:
    sender: House
    area: Area
    title: str
    filed_at: datetime
    source: str
    instrument: Instrument
    language: str
    referrals: list[ReferralStory] = field(default_factory=list)


def year_of_work(
    senders: Sequence[House],
    platforms: Sequence[PlatformHouse],
    *,
    referrals: int,
    fresh: float,
    draw: Random,
    now: datetime,
) -> Iterator[CaseStory]:
    """Cases with this many referrals in all, over the last twelve months, oldest first; some of them just now."""
    moments = sorted((_moment(draw, now, fresh=fresh) for _ in range(referrals)), reverse=True)
    while moments:
        case = _case(senders, moments.pop(), draw)
        for platform in _platforms(platforms, case.area, draw, at_most=len(moments) + 1):
            case.referrals.append(_referral(case, platform, draw, now))
        del moments[len(moments) - len(case.referrals) + 1 :]
        yield case


def _moment(draw: Random, now: datetime, *, fresh: float) -> datetime:
    """A working hour of the last year, more of them towards the end, and a share of `fresh` in the last days."""
    share: float = draw.random() ** 1.25
    if draw.random() < fresh:
        return now - timedelta(hours=1) - FRESH * share
    at = now - FRESH - YEAR * share
    if at.weekday() >= 5 and draw.random() < 0.8:
        at -= timedelta(days=2)
    return at.replace(hour=draw.choice(WORKING_HOURS), minute=draw.randrange(60))


def _case(senders: Sequence[House], at: datetime, draw: Random) -> CaseStory:
    sender = draw.choices(senders, [house.weight for house in senders])[0]
    area = draw.choice(sender.areas)
    is_flagger = sender.kind == Kind.TRUSTED_FLAGGER
    return CaseStory(
        sender=sender,
        area=area,
        title=draw.choice(MATTERS[area].titles),
        filed_at=at,
        source=draw.choices(("web", "upload", "api"), (5, 3, 2))[0],
        instrument=Instrument.TRUSTED_FLAGGER_NOTICE if is_flagger else Instrument.REFERRAL,
        language="en",
    )


def _platforms(platforms: Sequence[PlatformHouse], area: Area, draw: Random, *, at_most: int) -> list[PlatformHouse]:
    """One to four platforms; goods are offered on marketplaces, the rest is posted elsewhere."""
    is_goods = "item" in MATTERS[area].paths
    fitting = [one for one in platforms if is_goods == (one.service == ServiceType.MARKETPLACE)] or list(platforms)
    wanted = draw.choices((1, 2, 3, 4), (50, 25, 15, 10))[0]
    ranked = sorted(fitting, key=lambda one: draw.random() ** (1 / TRAFFIC[one.size]), reverse=True)
    return ranked[: min(wanted, at_most)]


def _referral(case: CaseStory, platform: PlatformHouse, draw: Random, now: datetime) -> ReferralStory:
    age = now - case.filed_at
    fates = RECENT if age < FRESH else SETTLED
    is_silent = age >= FRESH and draw.random() < platform.silence * (1 if age < QUARTER else 0.3)
    story = ReferralStory(
        platform=platform,
        fate=Fate.OVERDUE if is_silent else draw.choices(list(fates), list(fates.values()))[0],
        urgency=draw.choices(list(URGENCIES), list(URGENCIES.values()))[0],
        items=_items(case, draw),
    )
    _tell(story, case, draw, last=now - NOW_IS_OVER)
    return story


def _items(case: CaseStory, draw: Random) -> list[ItemStory]:
    count = draw.choices(list(ITEMS), list(ITEMS.values()))[0]
    main = draw.choice(CONTENT_LANGUAGES)
    matter = MATTERS[case.area]
    kind = (
        "CONTENT_TYPE_PRODUCT" if "item" in matter.paths else draw.choice(("CONTENT_TYPE_VIDEO", "CONTENT_TYPE_TEXT"))
    )
    return [
        ItemStory(
            path=f"{draw.choice(matter.paths)}/{draw.getrandbits(40):010x}",
            language=main if draw.random() < 0.8 else draw.choice(CONTENT_LANGUAGES),
            content_type=kind,
        )
        for _ in range(count)
    ]


def _tell(story: ReferralStory, case: CaseStory, draw: Random, *, last: datetime) -> None:
    """Let a referral's story unfold from its filing on; what would lie after `last` has not happened yet."""
    at = case.filed_at
    if story.fate is Fate.DRAFT:
        return
    story.submitted_at = at
    if story.fate is Fate.RETURNED:
        story.returned_at = _soon(at, draw, last=last)
    if story.fate in UNSENT and not case.sender.second_person:
        story.fate = Fate.RECEIVED
    if story.fate is Fate.LEAVING and last - at > JUST_NOW:
        story.fate = Fate.RECEIVED
    if story.fate in UNSENT:
        return
    story.sent_at = _soon(at, draw, last=last) if case.sender.second_person else at
    if story.fate is Fate.LEAVING:
        return
    story.received_at = min(story.sent_at + timedelta(seconds=draw.randrange(2, 40)), last)
    _work(story, draw, last=last)


def _work(story: ReferralStory, draw: Random, *, last: datetime) -> None:
    """From the receipt on: what the platform does, and when it has not done it."""
    received = story.received_at or last
    needed = _time_needed(story, draw)
    if story.fate is Fate.OVERDUE and received + story.limit >= last:
        story.fate = Fate.RECEIVED
    if story.fate in FINISHED and received + needed >= last:
        story.fate = Fate.ACKNOWLEDGED
    if story.fate is Fate.RECEIVED or (story.fate is Fate.OVERDUE and draw.random() < 0.5):
        return
    story.acknowledged_at = _between(received, min(received + needed * 0.3, last), draw)
    if story.fate is Fate.ASKED or (story.fate in FINISHED and draw.random() < 0.05):
        story.asked_at = _between(story.acknowledged_at, min(received + needed * 0.5, last), draw)
    if story.fate is Fate.WITHDRAWN:
        story.withdrawn_at = _between(story.acknowledged_at, min(received + story.limit, last), draw)
    elif story.fate is Fate.BEGUN:
        _decide(story, draw, items=story.items[: len(story.items) // 2], begin=story.acknowledged_at, end=last)
    elif story.fate in FINISHED:
        _finish(story, draw, end=received + needed, last=last)


def _finish(story: ReferralStory, draw: Random, *, end: datetime, last: datetime) -> None:
    begin = story.acknowledged_at or end
    if story.asked_at:
        story.replied_at = begin = _between(story.asked_at, end, draw)
    _decide(story, draw, items=story.items, begin=begin, end=end)
    story.answered_at = max(item.decided_at for item in story.items if item.decided_at)
    if story.fate is Fate.CLOSED:
        story.closed_at = min(story.answered_at + timedelta(hours=draw.uniform(1, 60)), last)


def _decide(story: ReferralStory, draw: Random, *, items: Sequence[ItemStory], begin: datetime, end: datetime) -> None:
    at = _between(begin, end, draw)
    for item in items:
        item.outcome = draw.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
        item.refusal = draw.choice(REFUSALS) if item.outcome == Outcome.NO_ACTION else ""
        item.decided_at = at if draw.random() < 0.7 else _between(at, end, draw)


def _time_needed(story: ReferralStory, draw: Random) -> timedelta:
    """Urgent things are answered sooner; every platform has its own pace, and a long tail."""
    pace = {Urgency.HOUR: 0.12, Urgency.DAY: 0.6}.get(story.urgency, 1.6)
    return timedelta(hours=min(draw.lognormvariate(0, 0.8) * story.platform.hours * pace, 600))


def _soon(at: datetime, draw: Random, *, last: datetime) -> datetime:
    return min(at + timedelta(minutes=draw.uniform(6, 240)), last)


def _between(begin: datetime, end: datetime, draw: Random) -> datetime:
    return begin + (end - begin) * draw.random() if end > begin else begin
