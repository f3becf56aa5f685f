"""The clocks of law and of commitments as people read them, and which of them run in this portal."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from apps.deadlines.clock_table import runs
from apps.taxonomy.clocks import TABLE, Basis, ClockRule

Words = str | Promise
DAY = "j F Y"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRow:
    code: str
    key: str
    name: Words
    limit: Words
    start: Words
    on_question: Words
    breach: Words
    basis: Words
    is_law: bool
    source: Words
    verified: bool
    validity: Words
    runs: bool


def clock_rows(*, running: bool) -> Sequence[ClockRow]:
    """Those that start by themselves here, or those that are only listed."""
    return [_row(rule) for rule in TABLE if runs(rule) is running]


def _row(rule: ClockRule) -> ClockRow:
    return ClockRow(
        code=rule.code,
        key=rule.key,
        name=rule.name,
        limit=_limit(rule),
        start=rule.start,
        on_question=rule.on_question.label,
        breach=rule.breach,
        basis=rule.basis.label,
        is_law=rule.basis is Basis.STATUTORY,
        source=rule.source,
        verified=rule.verified,
        validity=_validity(rule),
        runs=runs(rule),
    )


def _limit(rule: ClockRule) -> Words:
    if rule.limit is None:
        return _("without undue delay; no number")
    return _("at least %(limit)s") % {"limit": rule.limit.words} if rule.is_minimum else rule.limit.words


def _validity(rule: ClockRule) -> Words:
    facts = {"version": str(rule.version)}
    if rule.valid_from is None:
        return _("Version %(version)s; our sources do not give the first day") % facts
    facts["since"] = date_format(rule.valid_from, DAY)
    if rule.valid_until is None:
        return _("Version %(version)s, since %(since)s") % facts
    return _("Version %(version)s, %(since)s to %(until)s") % (facts | {"until": date_format(rule.valid_until, DAY)})
