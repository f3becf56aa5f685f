"""The clocks of law and of commitments, as data (domain.md 2.3). Referrals run those that `apps.referrals.terms` names.

A rule is never edited in place: what changes is a new version with its own days of validity, and obligations remember
the version they were started under (`C1/1`). `verified`: the row was read in a source text; otherwise its figures or
articles were written down from memory and still have to be checked against the Official Journal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.taxonomy.limits import Limit, OnQuestion, Unit


class Basis(TextChoices):
    STATUTORY = "statutory", _("Time limit of the law")
    COMMITMENT = "commitment", _("Commitment or recommendation, not binding")
    AGREED = "agreed", _("Agreed by the platform")
    TARGET = "target", _("Target")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRule:
    """One row of the clock table. `limit` is None where the law gives no number ("without undue delay").

    `is_minimum`: the period must at least pass, so that acting earlier is the breach.
    """

    code: str
    name: str | Promise
    start: str | Promise
    limit: Limit | None
    basis: Basis
    breach: str | Promise
    source: str | Promise
    verified: bool
    version: int = 1
    on_question: OnQuestion = OnQuestion.RUN
    is_minimum: bool = False
    valid_from: date | None = None  # None: our sources do not give the day
    valid_until: date | None = None

    @property
    def key(self) -> str:
        return f"{self.code}/{self.version}"

    def is_valid(self, on: date) -> bool:
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_until is None or on <= self.valid_until
        )


def _hours(amount: int) -> Limit:
    return Limit(amount, Unit.HOURS)


TCO_SINCE = date(2022, 6, 7)
LAW = Basis.STATUTORY

TABLE: Sequence[ClockRule] = (
    ClockRule(
        code="C1", name=_("Removal order: remove or disable"), start=_("Receipt of the order at the contact point"),
        limit=_hours(1), basis=LAW, on_question=OnQuestion.RESTART,
        breach=_("The issuing authority is alerted and the order counts as late."),
        source=_("Reg. (EU) 2021/784 Art 3(7), 3(8), Annex I"), verified=False, valid_from=TCO_SINCE,
    ),
    ClockRule(
        code="C2", name=_("First order: information beforehand"), start=_("Decision to issue the first order"),
        limit=_hours(12), is_minimum=True, basis=LAW, breach=_("The order waits, unless the emergency is justified."),
        source=_("Reg. (EU) 2021/784 Art 3"), verified=False, valid_from=TCO_SINCE,
    ),
    ClockRule(
        code="C3", name=_("Scrutiny on the host authority's own initiative"), start=_("Receipt of the copy"),
        limit=_hours(72), basis=LAW, breach=_("The order stands."),
        source=_("Reg. (EU) 2021/784 Art 4"), verified=False,
        valid_from=TCO_SINCE,
    ),
    ClockRule(
        code="C4", name=_("Request for scrutiny"), start=_("Receipt of the order, or of the information about it"),
        limit=_hours(48), basis=LAW, breach=_("The request is inadmissible."),
        source=_("Reg. (EU) 2021/784 Art 4"), verified=False,
        valid_from=TCO_SINCE,
    ),
    ClockRule(
        code="C5", name=_("Reasoned decision on a request for scrutiny"), start=_("Receipt of the request"),
        limit=_hours(72), basis=LAW, breach=_("The home authority is reminded."), source=_("Reg. (EU) 2021/784 Art 4"),
        verified=True, valid_from=TCO_SINCE,
    ),
    ClockRule(
        code="C6", name=_("Preservation of removed content"), start=_("Removal or disabling"),
        limit=Limit(6, Unit.MONTHS), is_minimum=True, basis=LAW, breach=_("Nothing may be deleted earlier."),
        source=_("Reg. (EU) 2021/784 Art 6, Annex I"), verified=True, valid_from=TCO_SINCE,
    ),
    ClockRule(
        code="C7", name=_("Non-disclosure to the content provider"), start=_("Decision not to disclose"),
        limit=Limit(42, Unit.CALENDAR_DAYS), basis=LAW, breach=_("It ends by itself; the provider must inform."),
        source=_("Reg. (EU) 2021/784 Art 11"), verified=False, valid_from=TCO_SINCE,
    ),
    ClockRule(
        code="C8", name=_("Decision on a complaint"), start=_("Receipt of the complaint"),
        limit=Limit(14, Unit.CALENDAR_DAYS), basis=LAW, breach=_("None is named."),
        source=_("Reg. (EU) 2021/784 Art 10"),
        verified=False, valid_from=TCO_SINCE,
    ),
    ClockRule(
        code="C9", name=_("Exposure to terrorist content"), start=_("Each final order in the previous 12 months"),
        limit=Limit(12, Unit.MONTHS), basis=LAW, breach=_("From two orders on, the authority may decide so."),
        source=_("Reg. (EU) 2021/784 Art 5"), verified=False, valid_from=TCO_SINCE,
    ),
    ClockRule(
        code="C10", name=_("Confirmation of receipt of a notice"), start=_("Receipt of the notice"), limit=None,
        basis=LAW, breach=_("A target can be agreed; the law names no number."),
        source=_("Reg. (EU) 2022/2065 Art 16(4)"),
        verified=True,
    ),
    ClockRule(
        code="C11", name=_("Decision on a notice"), start=_("Receipt of the notice"), limit=None, basis=LAW,
        on_question=OnQuestion.PAUSE, breach=_("A target can be agreed; the law names no number."),
        source=_("Reg. (EU) 2022/2065 Art 16(5), 16(6)"), verified=True,
    ),
    ClockRule(
        code="C12", name=_("Window for complaints"), start=_("The day on which the decision was made known"),
        limit=Limit(6, Unit.MONTHS), is_minimum=True, basis=LAW, breach=_("Complaints may not be refused earlier."),
        source=_("Reg. (EU) 2022/2065 Art 20(1), 20(2)"), verified=True,
    ),
    ClockRule(
        code="C13", name=_("Decision in a dispute"), start=_("Receipt of the complaint by the settlement body"),
        limit=Limit(90, Unit.CALENDAR_DAYS), basis=LAW, breach=_("May be extended by 90 days if highly complex."),
        source=_("Reg. (EU) 2022/2065 Art 21(4)"), verified=True,
    ),
    ClockRule(
        code="C14", name=_("Effect given to an order"), start=_("The order was transmitted"), limit=None, basis=LAW,
        breach=_("As the order says; the effect is reported without undue delay."),
        source=_("Reg. (EU) 2022/2065 Art 9, 10"),
        verified=True,
    ),
    ClockRule(
        code="C15", name=_("Publication of the transparency report"), start=_("End of the reporting period"),
        limit=Limit(2, Unit.MONTHS), basis=LAW, breach=_("None is named."),
        source=_("Implementing Reg. (EU) 2024/2835"), verified=True,
    ),
    ClockRule(
        code="C16", name=_("Code of conduct on hate speech, 2016"), start=_("Notification"), limit=_hours(24),
        basis=Basis.COMMITMENT, on_question=OnQuestion.PAUSE, breach=_("Counts in monitoring exercises."),
        source=_("Reg. (EU) 2022/2065 recital 87"), verified=True,
    ),
    ClockRule(
        code="C17", name=_("Code of conduct+ on hate speech, 2025"), start=_("Notice of a monitoring reporter"),
        limit=_hours(24), basis=Basis.COMMITMENT, on_question=OnQuestion.PAUSE,
        breach=_("Counts in monitoring exercises: at least half, if possible two thirds, within the day."),
        source=_("Code of conduct+ (20 January 2025)"), verified=True, valid_from=date(2025, 1, 20),
    ),
    ClockRule(
        code="C18", name=_("Referral of terrorist content"), start=_("Receipt of the referral"), limit=_hours(1),
        basis=Basis.COMMITMENT, on_question=OnQuestion.PAUSE, breach=_("A target was missed; nothing was breached."),
        source=_("Recommendation (EU) 2018/334"), verified=False, valid_from=date(2018, 3, 1),
    ),
    ClockRule(
        code="C19", name=_("Other dialogues"), start=_("Receipt"), limit=None, basis=Basis.COMMITMENT,
        on_question=OnQuestion.PAUSE, breach=_("In the shortest possible time; a policy names the target."),
        source=_("The dialogues' own terms"), verified=True,
    ),
    ClockRule(
        code="C20", name=_("Annual report of a trusted flagger"), start=_("End of the year"),
        limit=Limit(12, Unit.MONTHS), basis=LAW, breach=_("The flagger is reminded."),
        source=_("Reg. (EU) 2022/2065 Art 22(3)"),
        verified=True,
    ),
    ClockRule(
        code="C21", name=_("Report of a hosting service on terrorist content"), start=_("End of the year"),
        limit=Limit(2, Unit.MONTHS), basis=LAW, breach=_("The provider is reminded."),
        source=_("Reg. (EU) 2021/784 Art 7, 8"),
        verified=True, valid_from=TCO_SINCE,
    ),
    ClockRule(
        code="C22", name=_("Monitoring data for the Commission"), start=_("End of the year"),
        limit=Limit(3, Unit.MONTHS), basis=LAW, breach=_("The Member State is reminded."),
        source=_("Reg. (EU) 2021/784 Art 21"),
        verified=False, valid_from=TCO_SINCE,
    ),
)  # fmt: skip

RULES: Mapping[str, ClockRule] = MappingProxyType({rule.key: rule for rule in TABLE})


def rule(code: str, *, on: date) -> ClockRule | None:
    """The version of a rule that is valid on a day; None where none is."""
    valid = [one for one in TABLE if one.code == code and one.is_valid(on)]
    return max(valid, key=lambda one: one.version, default=None)
