"""What the law asks of a provider, by what it is and how large: the matrix of domain.md 2.2 as a table, no more.

Columns: C mere conduit or caching, H hosting, P online platform, S micro or small online platform, V very large.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.organisations.models import ServiceType, SizeClass

DSA = _("Regulation (EU) 2022/2065")
TCO = _("Regulation (EU) 2021/784")
SMALL = frozenset({SizeClass.MICRO, SizeClass.SMALL})
PLATFORMS = frozenset({ServiceType.ONLINE_PLATFORM, ServiceType.MARKETPLACE})


class Duty(StrEnum):
    """Whether a duty is owed, and if not, why not."""

    OWED = "owed"
    EXEMPT = "exempt"  # because the provider is micro or small
    EXEMPT_FOR_NOW = "exempt_for_now"  # it no longer is; twelve months have not passed
    NOT_THIS_SERVICE = "not_this_service"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the matrix. `columns` owe it; `size_exempts_all`: no micro or small provider does (Art 15(2)).

    `grace`: the exemption goes on for twelve months after the provider has outgrown it (DSA Art 19(1)).
    """

    key: str
    law: str | Promise
    articles: str
    label: str | Promise
    words: str | Promise
    columns: str
    size_exempts_all: bool = False
    grace: bool = False


@dataclass(frozen=True, slots=True)
class Obligation:
    """A rule as it stands for one provider on one day; `until` where an exemption ends."""

    rule: Rule
    duty: Duty
    until: date | None = None

    @property
    def is_owed(self) -> bool:
        return self.duty is Duty.OWED

    @property
    def is_exempt(self) -> bool:
        return self.duty in {Duty.EXEMPT, Duty.EXEMPT_FOR_NOW}


RULES: Sequence[Rule] = (
    Rule("orders", DSA, "9, 10", _("Orders from authorities"),
         _("Tell the authority without undue delay what you did with an order and when, and tell the user concerned."),
         "CHPSV"),
    Rule("contact_authorities", DSA, "11", _("Contact point for authorities"),
         _("Name one electronic contact point for authorities in public, and the languages it reads."), "CHPSV"),
    Rule("contact_users", DSA, "12", _("Contact point for users"),
         _("Give users a direct and quick way to reach you; they may choose one that is not only automated."), "CHPSV"),
    Rule("representative", DSA, "13", _("Legal representative"),
         _("Without an establishment in the Union, name a legal representative in a Member State where you offer the"
           " service."), "CHPSV"),
    Rule("terms", DSA, "14", _("Clear terms and conditions"),
         _("Say in plain words what you restrict, how you moderate, and how users complain."), "CHPSV"),
    Rule("terms_summary", DSA, "14(5), (6)", _("Summary of the terms in every official language"),
         _("Publish a short summary of the terms, and the terms in the official languages of all Member States where"
           " you offer the service."), "V"),
    Rule("report", DSA, "15", _("Transparency report each year"),
         _("Publish at least once a year how you moderate: orders, notices, own initiative, complaints, automation."),
         "CHPSV", size_exempts_all=True),
    Rule("report_half_yearly", DSA, "42", _("Transparency report every six months"),
         _("As a designated very large service, publish the report every six months, with staff and languages."), "V"),
    Rule("notices", DSA, "16", _("Notice and action"),
         _("Let anybody notify illegal content electronically, confirm receipt, decide, and say how to appeal."),
         "HPSV"),
    Rule("reasons", DSA, "17", _("Statement of reasons"),
         _("Give every user whose content or account you restrict a clear and specific statement of reasons."), "HPSV"),
    Rule("suspicion", DSA, "18", _("Suspicion of a crime against life or safety"),
         _("Inform the police or judicial authorities at once when you suspect one."), "HPSV"),
    Rule("complaints", DSA, "20", _("Internal complaints"),
         _("Let users and notifiers complain free of charge for at least six months; a person must take part in the"
           " decision."), "PV", grace=True),
    Rule("disputes", DSA, "21", _("Out-of-court settlement"),
         _("Tell users about certified dispute settlement bodies and engage with them in good faith."), "PV",
         grace=True),
    Rule("flaggers", DSA, "22", _("Priority for trusted flaggers"),
         _("Handle notices of trusted flaggers first, and decide them without undue delay."), "PV", grace=True),
    Rule("misuse", DSA, "23", _("Measures against misuse"),
         _("Suspend, after a warning, users who often post manifestly illegal content and notifiers who often send"
           " unfounded notices."), "PV", grace=True),
    Rule("report_platform", DSA, "24(1)", _("Further figures in the report"),
         _("Add disputes and suspensions to the transparency report."), "PV", grace=True),
    Rule("recipients", DSA, "24(2)", _("Number of users every six months"),
         _("Publish the average number of monthly active recipients in the Union at least every six months."), "PV",
         grace=True),
    Rule("recipients_on_request", DSA, "24(3)", _("Number of users on request"),
         _("Tell the Digital Services Coordinator or the Commission the number of users when they ask."), "PSV"),
    Rule("database", DSA, "24(5)", _("Transparency Database"),
         _("Send your statements of reasons to the Commission's database without undue delay, without personal data."),
         "PV", grace=True),
    Rule("terrorism", TCO, "3, 4, 6, 10, 11, 14(5), 15, 17", _("Terrorist content online"),
         _("Remove terrorist content within one hour of a removal order, keep it for six months, hear complaints, name"
           " a contact point for orders. There is no exemption for size."), "HPSV"),
)  # fmt: skip


def obligations_of(
    service_type: str,
    size_class: str,
    *,
    on: date,
    size_lost_on: date | None = None,
    in_union: bool = True,
    spreads_to_the_public: bool = True,
) -> Sequence[Obligation]:
    """Every rule of the matrix with whether this provider owes it on this day. Pure: asks nothing of the database.

    `in_union`: established in the Union or the EEA. `spreads_to_the_public`: the TCO Regulation's own condition.
    """
    found = []
    for rule in RULES:
        one = _obligation(rule, service_type, size_class, on=on, size_lost_on=size_lost_on)
        off = (rule.key == "representative" and in_union) or (rule.key == "terrorism" and not spreads_to_the_public)
        found.append(Obligation(rule, Duty.NOT_THIS_SERVICE) if off and one.is_owed else one)
    return found


def column_of(service_type: str, size_class: str) -> str:
    """The column of the matrix. A designated very large service is in its own, whatever its staff (Art 19(2))."""
    if size_class == SizeClass.VLOP:
        return "V"
    if service_type in PLATFORMS:
        return "S" if size_class in SMALL else "P"
    return "H" if service_type == ServiceType.HOSTING else "C"


def grace_ends(lost_on: date) -> date:
    """Twelve months after the status was lost."""
    try:
        return lost_on.replace(year=lost_on.year + 1)
    except ValueError:  # 29 February
        return date(lost_on.year + 1, 3, 1)


def _obligation(rule: Rule, service_type: str, size_class: str, *, on: date, size_lost_on: date | None) -> Obligation:
    column = column_of(service_type, size_class)
    if rule.size_exempts_all and size_class in SMALL:
        return Obligation(rule, Duty.EXEMPT)
    if column in rule.columns:
        until = grace_ends(size_lost_on) if size_lost_on and rule.grace and column == "P" else None
        if until and on < until:
            return Obligation(rule, Duty.EXEMPT_FOR_NOW, until)
        return Obligation(rule, Duty.OWED)
    exempt = column == "S" and "P" in rule.columns
    return Obligation(rule, Duty.EXEMPT if exempt else Duty.NOT_THIS_SERVICE)
