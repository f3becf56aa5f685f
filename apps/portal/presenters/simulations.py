"""What a draft of a policy would change, in words and in a table, before anything is saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.deadlines.simulation import Change, Simulation
from apps.portal.forms.policies import PolicyEditor
from apps.portal.presenters.clock import span_in_words
from apps.portal.presenters.policies import Told, told
from apps.referrals.instruments import Instrument
from apps.taxonomy.urgency import Urgency

Words = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyRow:
    instrument: Words
    urgency: Words
    total: int
    earlier: int
    later: int
    same: int
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    reference: str
    kind: str
    before: datetime
    after: datetime
    words: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationPage:
    told: Sequence[Told]
    sentence: str
    overdue: str
    rows: Sequence[TallyRow]
    examples: Sequence[Example]
    is_whole: bool


def simulation_page(found: Simulation, editor: PolicyEditor) -> SimulationPage:
    ranks = {urgency.value: urgency.rank for urgency in Urgency}
    tallies = sorted(found.tallies, key=lambda tally: (tally.instrument, ranks[tally.urgency]))
    return SimulationPage(
        told=told(editor.newest, editor.wanted, editor.ladder),
        sentence=_sentence(found),
        overdue=_overdue(found.overdue),
        rows=[
            TallyRow(
                instrument=Instrument(tally.instrument).label,
                urgency=Urgency(tally.urgency).label,
                total=tally.total,
                earlier=tally.earlier,
                later=tally.later,
                same=tally.same,
                overdue=tally.overdue,
            )
            for tally in tallies
        ],
        examples=[_example(change) for change in found.examples],
        is_whole=found.is_whole,
    )


def _sentence(found: Simulation) -> str:
    if not found.total:
        return _("You have no open referrals whose clock runs. What is received from now on follows the new rules.")
    facts = {"changed": number_format(found.changed), "total": number_format(found.total)}
    if not found.changed:
        return _("None of your %(total)s open referrals would be due at another time.") % facts
    return (
        ngettext(
            "%(changed)s of your %(total)s open referrals would be due at another time under these rules.",
            "%(changed)s of your %(total)s open referrals would be due at another time under these rules.",
            found.changed,
        )
        % facts
    )


def _overdue(count: int) -> str:
    if not count:
        return ""
    words = ngettext(
        "%(count)s that is in time now would be overdue.", "%(count)s that are in time now would be overdue.", count
    )
    return words % {"count": number_format(count)}


def _example(change: Change) -> Example:
    span = {"span": span_in_words(change.shift)}
    return Example(
        reference=change.reference,
        kind=f"{Instrument(change.instrument).label}, {Urgency(change.urgency).label}",
        before=change.before,
        after=change.after,
        words=_("%(span)s earlier") % span if change.is_earlier else _("%(span)s later") % span,
        tone="wait" if change.is_earlier else "info",
    )
