"""What a platform may answer about an item, what each answer means for the figures, and why it may refuse."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from apps.taxonomy.restrictions import AccountRestriction, MonetaryRestriction, ProvisionRestriction
from apps.taxonomy.restrictions import VisibilityRestriction as Visibility


class Outcome(TextChoices):
    REMOVED = "REMOVED", _("Removed")
    DISABLED_GLOBAL = "DISABLED_GLOBAL", _("Access disabled worldwide")
    DISABLED_EU = "DISABLED_EU", _("Access disabled in the European Union")
    DISABLED_COUNTRIES = "DISABLED_COUNTRIES", _("Access disabled in some countries")
    DEMOTED = "DEMOTED", _("Demoted")
    AGE_RESTRICTED = "AGE_RESTRICTED", _("Age-restricted")
    INTERACTION_RESTRICTED = "INTERACTION_RESTRICTED", _("Interaction restricted")
    LABELLED = "LABELLED", _("Labelled")
    MONETARY = "MONETARY", _("Payments restricted")
    SERVICE = "SERVICE", _("Service restricted")
    ACCOUNT_SUSPENDED = "ACCOUNT_SUSPENDED", _("Account suspended")
    ACCOUNT_TERMINATED = "ACCOUNT_TERMINATED", _("Account terminated")
    NO_ACTION = "NO_ACTION", _("No action")
    ALREADY_REMOVED = "ALREADY_REMOVED", _("Already removed")
    NOT_FOUND = "NOT_FOUND", _("Not found")
    NOT_OUR_SERVICE = "NOT_OUR_SERVICE", _("Not our service")
    FORWARDED = "FORWARDED", _("Forwarded to the responsible service")
    PENDING_INFO = "PENDING_INFO", _("More information needed")
    PARTIAL = "PARTIAL", _("Acted on in part")

    @property
    def meaning(self) -> "Meaning":
        return MEANINGS[self]


class RefusalReason(TextChoices):
    """Why `NO_ACTION`."""

    NOT_ILLEGAL = "NOT_ILLEGAL", _("Not illegal")
    NOT_AGAINST_TC = "NOT_AGAINST_TC", _("Not against the terms and conditions")
    INSUFFICIENTLY_PRECISE = "INSUFFICIENTLY_PRECISE", _("Not precise enough to find the content")
    UNSUBSTANTIATED = "UNSUBSTANTIATED", _("Not substantiated")
    INACCURATE = "INACCURATE", _("Inaccurate")
    NEEDS_LEGAL_EXAMINATION = "NEEDS_LEGAL_EXAMINATION", _("Needs a detailed legal examination")
    JOURNALISTIC_ACADEMIC_ARTISTIC = "JOURNALISTIC_ACADEMIC_ARTISTIC", _("Journalistic, academic or artistic content")
    COUNTER_SPEECH = "COUNTER_SPEECH", _("Counter-speech")
    PARODY_OPINION = "PARODY_OPINION", _("Parody or opinion")
    JURISDICTION = "JURISDICTION", _("Outside the jurisdiction")
    DUPLICATE_OF = "DUPLICATE_OF", _("Duplicate of another notice")
    ALREADY_DECIDED = "ALREADY_DECIDED", _("Already decided")
    UNABLE_TECHNICAL = "UNABLE_TECHNICAL", _("Technically not possible")
    ENCRYPTED_OR_PRIVATE = "ENCRYPTED_OR_PRIVATE", _("Encrypted or private content")
    WITHDRAWN_BY_SENDER = "WITHDRAWN_BY_SENDER", _("Withdrawn by the sender")
    MANIFESTLY_UNFOUNDED = "MANIFESTLY_UNFOUNDED", _("Manifestly unfounded")
    OTHER = "OTHER", _("Other reason")

    @property
    def counts_against_quality(self) -> bool:
        """Speaks of the notice, not of the content (DSA Art 22(6)): the flagger should hear of it first."""
        return self in QUALITY_REFUSALS


QUALITY_REFUSALS = frozenset(
    {
        RefusalReason.INSUFFICIENTLY_PRECISE,
        RefusalReason.UNSUBSTANTIATED,
        RefusalReason.INACCURATE,
        RefusalReason.NEEDS_LEGAL_EXAMINATION,
    }
)

Restriction = Visibility | MonetaryRestriction | ProvisionRestriction | AccountRestriction


@dataclass(frozen=True, slots=True)
class Meaning:
    """`decides`: ends the wait for this item. `restricts`: an action, so law or terms must be named (DSA Art 15(1)(b)).

    `removes`: in the numerator of a removal rate; a demotion, a label or a partial action is not. `restriction`: its
    code in the Transparency Database, where one outcome has exactly one.
    """

    decides: bool = True
    restricts: bool = False
    removes: bool = False
    needs_countries: bool = False
    restriction: Restriction | None = None


def _action(restriction: Restriction | None) -> Meaning:
    return Meaning(restricts=True, restriction=restriction)


def _removal(restriction: Restriction, *, needs_countries: bool = False) -> Meaning:
    return Meaning(restricts=True, removes=True, restriction=restriction, needs_countries=needs_countries)


MEANINGS: Mapping[Outcome, Meaning] = MappingProxyType(
    {
        Outcome.REMOVED: _removal(Visibility.REMOVED),
        Outcome.DISABLED_GLOBAL: _removal(Visibility.DISABLED),
        Outcome.DISABLED_EU: _removal(Visibility.DISABLED),
        Outcome.DISABLED_COUNTRIES: _removal(Visibility.DISABLED, needs_countries=True),
        Outcome.DEMOTED: _action(Visibility.DEMOTED),
        Outcome.AGE_RESTRICTED: _action(Visibility.AGE_RESTRICTED),
        Outcome.INTERACTION_RESTRICTED: _action(Visibility.INTERACTION_RESTRICTED),
        Outcome.LABELLED: _action(Visibility.LABELLED),
        Outcome.MONETARY: _action(None),
        Outcome.SERVICE: _action(None),
        Outcome.ACCOUNT_SUSPENDED: _action(AccountRestriction.SUSPENDED),
        Outcome.ACCOUNT_TERMINATED: _action(AccountRestriction.TERMINATED),
        Outcome.NO_ACTION: Meaning(),
        Outcome.ALREADY_REMOVED: Meaning(),
        Outcome.NOT_FOUND: Meaning(),
        Outcome.NOT_OUR_SERVICE: Meaning(),
        Outcome.FORWARDED: Meaning(),
        Outcome.PENDING_INFO: Meaning(decides=False),
        Outcome.PARTIAL: _action(None),
    }
)

DECISIONS = frozenset(outcome for outcome, meaning in MEANINGS.items() if meaning.decides)
RESTRICTIONS = frozenset(outcome for outcome, meaning in MEANINGS.items() if meaning.restricts)
REMOVALS = frozenset(outcome for outcome, meaning in MEANINGS.items() if meaning.removes)
