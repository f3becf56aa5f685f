"""Timelines: what happened, in lines a person can read; what happened at once to many is one line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.db.models.fields.json import KT
from django.utils.dateparse import parse_datetime
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.principal import Principal
from apps.deadlines.models import Rung
from apps.portal.presenters.clock import in_words
from apps.portal.presenters.status import EVENT
from apps.portal.presenters.tiles import Event as Line
from apps.referrals.models import Case, Event, Referral
from apps.referrals.models.event import Verb
from apps.taxonomy.outcomes import Outcome

LINES = 100
_FACTS = ("verb", "at", "actor_label", "organisation_id", "text")
_OF_ITEMS = frozenset({Verb.ITEM_FILED, Verb.ITEM_DECIDED, Verb.ITEM_CORRECTED})


@dataclass(frozen=True, slots=True)
class History:
    """`question`: what the platform asked last, if it ever asked."""

    lines: Sequence[Line]
    question: str


def of_referral(referral: Referral, *, by: Principal) -> History:
    """Newest first, at most `LINES`; a platform sees what was disclosed to it. One query."""
    rows = _told(Event.objects.filter(referral=referral).exclude(verb=Verb.ITEM_FILED), by)
    told = {"outcome": KT("data__outcome"), "rung": KT("data__rung"), "until": KT("data__until")}
    facts = rows.values(*_FACTS, **told).annotate(count=Count("pk"), last=Max("pk"))
    names = {referral.sender_id: referral.sender.name, referral.recipient_id: referral.recipient.name}
    found = list(facts.order_by("-at", "-last")[:LINES])
    question = next((row["text"] for row in found if row["verb"] == Verb.INFORMATION_REQUESTED), "")
    return History([_line(row, names, by) for row in found], question)


def of_case(case: Case, *, names: dict[int, str], by: Principal) -> Sequence[Line]:
    """What happened to the referrals of a case; `names` are those of the organisations in it. One query."""
    rows = Event.objects.filter(referral__case=case).exclude(verb__in=_OF_ITEMS)
    facts = rows.values(*_FACTS).annotate(count=Count("referral", distinct=True), last=Max("pk"))
    return [_line(row, names, by, of_case=True) for row in facts.order_by("-at", "-last")[:LINES]]


def _told(rows: QuerySet[Event], by: Principal) -> QuerySet[Event]:
    return rows.filter(disclosed=True) if by.organisation.receives else rows


def _line(row: dict[str, Any], names: dict[int, str], by: Principal, *, of_case: bool = False) -> Line:
    verb = Verb(row["verb"])
    mark = EVENT[verb]
    words = _words_of_case(verb, row["count"]) if of_case else _words(verb, row)
    return Line(row["at"], _actor(row, names, by), words, symbol=mark.icon, tone=mark.tone, quote=row["text"])


def _actor(row: dict[str, Any], names: dict[int, str], by: Principal) -> str:
    """A person's name is for their own organisation; the other side sees the organisation."""
    if row["organisation_id"] is None:
        return _("Portal")
    if row["organisation_id"] == by.organisation_id and row["actor_label"]:
        return str(row["actor_label"])
    return names.get(row["organisation_id"], _("Another organisation"))


def _words(verb: Verb, row: dict[str, Any]) -> str:
    count, outcome, until = row["count"], row["outcome"], parse_datetime(row["until"] or "")
    if verb is Verb.REFERRAL_CHASED and row["rung"] in Rung.values:
        return str(Rung(row["rung"]).label)
    if verb is Verb.ANSWER_ANNOUNCED and until:
        return _("Answer announced, by %(time)s") % {"time": in_words(until)}
    if verb not in _OF_ITEMS or outcome not in Outcome.values:
        return str(verb.label)
    facts = {"outcome": Outcome(outcome).label, "count": number_format(count)}
    words = ngettext("%(outcome)s: %(count)s address", "%(outcome)s: %(count)s addresses", count) % facts
    return _("Corrected: %(words)s") % {"words": words} if verb is Verb.ITEM_CORRECTED else words


def _words_of_case(verb: Verb, count: int) -> str:
    facts = {"verb": verb.label, "count": number_format(count)}
    return ngettext("%(verb)s: %(count)s referral", "%(verb)s: %(count)s referrals", count) % facts
