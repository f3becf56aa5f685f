"""What an organisation asks for or promises, in words: its lines, and what each version has changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.principal import Principal
from apps.deadlines.models import Rung
from apps.deadlines.policies import (
    Difference,
    Line,
    Moved,
    Version,
    differences,
    full_ladder,
    moved_rungs,
    versions_of,
)
from apps.organisations.models import Organisation, SizeClass
from apps.organisations.permissions import Permission
from apps.referrals.instruments import Instrument
from apps.taxonomy.areas import Area
from apps.taxonomy.limits import Unit, limit_in_words
from apps.taxonomy.urgency import TARGET_HOURS, Urgency

Words = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line as the table draws it; empty where any will do."""

    instrument: Words
    area: Words
    urgency: Words
    size: Words
    limit: Words
    words: str


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one line: `tone` and `word` mark it, `words` say it."""

    tone: str
    word: Words
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One version in the history. `who` only for the organisation's own people."""

    number: int
    at: datetime
    who: str
    note: str
    told: Sequence[Told]


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPage:
    """`promises`: of a platform; otherwise what a sender asks for."""

    name: str
    slug: str
    promises: bool
    is_own: bool
    may_change: bool
    number: int
    since: datetime | None
    rows: Sequence[Row]
    reminders: Sequence[tuple[Words, Words]]
    history: Sequence[Past]
    portal: Sequence[tuple[Words, Words]]


def policy_page(house: Organisation, *, by: Principal) -> PolicyPage:
    """A fixed number of queries, however many versions there are."""
    versions = versions_of(house.pk)
    is_own = house.pk == by.organisation_id
    newest = versions[0] if versions else None
    return PolicyPage(
        name=house.name,
        slug=house.slug,
        promises=house.receives,
        is_own=is_own,
        may_change=is_own and by.may(Permission.MANAGE_POLICIES),
        number=newest.number if newest else 0,
        since=newest.at if newest else None,
        rows=[row_of(line) for line in newest.lines] if newest else [],
        reminders=[] if house.receives else reminders_of(newest.ladder if newest else {}),
        history=_history(versions, _names(versions) if is_own else {}),
        portal=portals_own(),
    )


def row_of(line: Line) -> Row:
    return Row(
        instrument=Instrument(line.instrument).label if line.instrument else "",
        area=Area(line.area).label if line.area else "",
        urgency=Urgency(line.urgency).label if line.urgency else "",
        size=SizeClass(line.size_class).label if line.size_class else "",
        limit=line.limit.words,
        words=in_words(line),
    )


def in_words(line: Line) -> str:
    """`Referral for voluntary consideration, urgency “Within the hour”: 1 hour`."""
    return _("%(referrals)s: %(limit)s") % {"referrals": about_in_words(line), "limit": line.limit.words}


def about_in_words(line: Line) -> str:
    """Which referrals a line is about."""
    named: list[Words] = [Instrument(line.instrument).label] if line.instrument else [_("Every instrument")]
    if line.area:
        named.append(_("area “%(area)s”") % {"area": Area(line.area).label})
    if line.urgency:
        named.append(_("urgency “%(urgency)s”") % {"urgency": Urgency(line.urgency).label})
    if line.size_class:
        named.append(_("platforms of the size “%(size)s”") % {"size": SizeClass(line.size_class).label})
    return ", ".join(str(one) for one in named)


def told(before: Version | None, lines: Sequence[Line], ladder: Mapping[str, int]) -> list[Told]:
    """What lines and steps of the ladder become, seen from a version."""
    found = differences(before.lines if before else [], lines)
    steps = moved_rungs(before.ladder if before else {}, ladder)
    return [_told(one) for one in found] + [Told("wait", _("Changed"), _moved(step)) for step in steps]


def reminders_of(ladder: Mapping[str, int]) -> list[tuple[Words, Words]]:
    """Each step of the ladder, and the share of the time after which it is taken."""
    return [(Rung(rung).label, _share(percent)) for rung, percent in full_ladder(ladder).items()]


def _share(percent: int) -> str:
    return _("%(percent)s %%") % {"percent": number_format(percent)} if percent else _("never")


def _moved(step: Moved) -> str:
    facts = {"step": step.rung.label, "after": _share(step.after), "before": _share(step.before)}
    return _("%(step)s: %(after)s instead of %(before)s") % facts


def portals_own() -> list[tuple[Words, Words]]:
    """The targets of the portal by urgency: what counts where a sender has named nothing."""
    return [(urgency.label, limit_in_words(TARGET_HOURS[urgency], Unit.HOURS)) for urgency in Urgency]


def _told(one: Difference) -> Told:
    about = about_in_words(one.line)
    if one.before is None:
        return Told("good", _("New"), in_words(one.line))
    if one.after is None:
        return Told("bad", _("Gone"), in_words(one.line))
    facts = {"referrals": about, "after": one.after.limit.words, "before": one.before.limit.words}
    return Told("wait", _("Changed"), _("%(referrals)s: %(after)s instead of %(before)s") % facts)


def _history(versions: Sequence[Version], names: Mapping[int, str]) -> list[Past]:
    earlier: Sequence[Version | None] = [*versions[1:], None]
    return [
        Past(
            number=version.number,
            at=version.at,
            who=names.get(version.made_by or 0, ""),
            note=version.note,
            told=told(before, version.lines, version.ladder),
        )
        for version, before in zip(versions, earlier, strict=False)  # nothing came before the first
    ]


def _names(versions: Sequence[Version]) -> Mapping[int, str]:
    wanted = {version.made_by for version in versions if version.made_by}
    return dict(User.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
