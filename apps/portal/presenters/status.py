"""How every state looks: one tone, one icon, one word. Colour never carries the meaning alone.

The word is the enum's own label, unless it is too long for a pill. A test holds the tables complete.
Tones: neutral, info, busy, wait, good, good-outline, bad; urgency has its own (`static/ui/components.css`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Choices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.delivery.vocabulary import EndpointState
from apps.referrals.models.event import Verb
from apps.referrals.transitions import ItemState, State
from apps.taxonomy.outcomes import Outcome
from apps.taxonomy.urgency import Urgency
from apps.verification.findings import Finding, Standing
from apps.verification.models import ReviewState


class Kind(StrEnum):
    """Which vocabulary a value belongs to."""

    REFERRAL = "referral"
    ITEM = "item"
    OUTCOME = "outcome"
    URGENCY = "urgency"
    DELIVERY = "delivery"
    ENDPOINT = "endpoint"
    EVENT = "event"
    FINDING = "finding"
    STANDING = "standing"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Mark:
    """The look of one value: `tone` is a CSS class, `icon` a lucide name."""

    tone: str
    icon: str
    label: str | Promise = ""


REFERRAL: Mapping[str, Mark] = {
    State.DRAFT: Mark("neutral", "pencil-line"),
    State.IN_REVIEW: Mark("busy", "eye"),
    State.SENT: Mark("info", "send"),
    State.RECEIVED: Mark("info", "mail-check"),
    State.ACKNOWLEDGED: Mark("busy", "check"),
    State.INFO_REQUESTED: Mark("wait", "message-circle-question-mark"),
    State.ANSWERED: Mark("good", "check-check"),
    State.CLOSED: Mark("neutral", "archive"),
    State.WITHDRAWN: Mark("neutral", "undo-2"),
}

ITEM: Mapping[str, Mark] = {
    ItemState.OPEN: Mark("info", "hourglass"),
    ItemState.DECIDED: Mark("good", "check-check"),
    ItemState.WITHDRAWN: Mark("neutral", "undo-2"),
}

OUTCOME: Mapping[str, Mark] = {
    Outcome.REMOVED: Mark("good", "check-check"),
    Outcome.DISABLED_GLOBAL: Mark("good", "globe-lock", _("Disabled worldwide")),
    Outcome.DISABLED_EU: Mark("good-outline", "earth-lock", _("Disabled in the EU")),
    Outcome.DISABLED_COUNTRIES: Mark("good-outline", "map", _("Disabled in some countries")),
    Outcome.DEMOTED: Mark("good-outline", "trending-down"),
    Outcome.AGE_RESTRICTED: Mark("good-outline", "user-round-check"),
    Outcome.INTERACTION_RESTRICTED: Mark("good-outline", "message-circle-off"),
    Outcome.LABELLED: Mark("good-outline", "tag"),
    Outcome.MONETARY: Mark("good-outline", "wallet"),
    Outcome.SERVICE: Mark("good-outline", "circle-pause"),
    Outcome.ACCOUNT_SUSPENDED: Mark("good-outline", "user-lock"),
    Outcome.ACCOUNT_TERMINATED: Mark("good", "user-x"),
    Outcome.NO_ACTION: Mark("neutral", "minus"),
    Outcome.ALREADY_REMOVED: Mark("neutral", "circle-check"),
    Outcome.NOT_FOUND: Mark("neutral", "search-x"),
    Outcome.NOT_OUR_SERVICE: Mark("neutral", "circle-slash"),
    Outcome.FORWARDED: Mark("busy", "forward", _("Forwarded")),
    Outcome.PENDING_INFO: Mark("wait", "message-circle-question-mark"),
    Outcome.PARTIAL: Mark("wait", "circle-dot-dashed"),
}

URGENCY: Mapping[str, Mark] = {
    Urgency.LIFE: Mark("life", "siren", _("Threat to life")),
    Urgency.CRISIS: Mark("crisis", "flame", _("Crisis")),
    Urgency.HOUR: Mark("hour", "chevrons-up"),
    Urgency.DAY: Mark("day", "chevron-up"),
    Urgency.STANDARD: Mark("standard", "equal"),
}

# Keys are the values of `DeliveryState`, whose module the interfaces do not import.
DELIVERY: Mapping[str, Mark] = {
    "queued": Mark("info", "hourglass", _("Queued")),
    "sending": Mark("busy", "loader", _("Sending")),
    "sent": Mark("info", "send", _("Sent")),
    "delivered": Mark("good", "mail-check", _("Delivered")),
    "read": Mark("good", "mail-open", _("Read")),
    "deferred": Mark("wait", "clock", _("Will be tried again")),
    "bounced": Mark("bad", "mail-x", _("Bounced")),
    "failed": Mark("bad", "circle-x", _("Failed")),
    "dead": Mark("bad", "mail-x", _("Given up")),
}

ENDPOINT: Mapping[str, Mark] = {
    EndpointState.UNVERIFIED: Mark("wait", "hourglass"),
    EndpointState.ACTIVE: Mark("good", "circle-check"),
    EndpointState.PAUSED: Mark("neutral", "circle-pause"),
    EndpointState.DISABLED: Mark("bad", "circle-x"),
}

EVENT: Mapping[str, Mark] = {
    Verb.REFERRAL_FILED: Mark("neutral", "file-plus"),
    Verb.REFERRAL_SUBMITTED: Mark("busy", "eye"),
    Verb.REFERRAL_APPROVED: Mark("good", "badge-check"),
    Verb.REFERRAL_RETURNED: Mark("wait", "undo-2"),
    Verb.REFERRAL_SENT: Mark("info", "send"),
    Verb.REFERRAL_RECEIVED: Mark("info", "mail-check"),
    Verb.REFERRAL_ACKNOWLEDGED: Mark("busy", "check"),
    Verb.INFORMATION_REQUESTED: Mark("wait", "message-circle-question-mark"),
    Verb.INFORMATION_PROVIDED: Mark("info", "message-circle-reply"),
    Verb.REFERRAL_CHASED: Mark("bad", "alarm-clock"),
    Verb.ANSWER_ANNOUNCED: Mark("wait", "calendar-clock"),
    Verb.REPLY_RECEIVED: Mark("wait", "reply"),
    Verb.REFERRAL_ANSWERED: Mark("good", "check-check"),
    Verb.REFERRAL_CLOSED: Mark("neutral", "archive"),
    Verb.REFERRAL_WITHDRAWN: Mark("neutral", "undo-2"),
    Verb.ITEM_FILED: Mark("neutral", "link-2"),
    Verb.ITEM_DECIDED: Mark("good", "scale"),
    Verb.ITEM_CORRECTED: Mark("wait", "rotate-ccw"),
}

FINDING: Mapping[str, Mark] = {
    Finding.GONE: Mark("good", "circle-check"),
    Finding.TOMBSTONE: Mark("good", "file-x"),
    Finding.SOFT_NOT_FOUND: Mark("good", "search-x"),
    Finding.GEO_BLOCKED: Mark("good-outline", "earth-lock", _("Blocked by place")),
    Finding.LOGIN_WALL: Mark("wait", "lock"),
    Finding.REDIRECTED_AWAY: Mark("wait", "forward"),
    Finding.PARKED: Mark("wait", "tag", _("Parked domain")),
    Finding.STILL_THERE: Mark("bad", "eye"),
    Finding.UNREACHABLE: Mark("neutral", "circle-slash"),
    Finding.UNCLEAR: Mark("neutral", "circle-dot-dashed"),
}

STANDING: Mapping[str, Mark] = {
    Standing.NOT_VERIFIED: Mark("neutral", "circle-dot-dashed"),
    Standing.VERIFIED_GONE: Mark("good", "badge-check"),
    Standing.STILL_THERE: Mark("bad", "eye"),
    Standing.BACK_AGAIN: Mark("bad", "rotate-ccw"),
}

REVIEW: Mapping[str, Mark] = {
    ReviewState.WAITING: Mark("wait", "hourglass"),
    ReviewState.TAKEN_UP: Mark("busy", "message-circle-reply", _("Taken up")),
    ReviewState.FILED_AGAIN: Mark("info", "file-plus"),
    ReviewState.DISMISSED: Mark("neutral", "archive"),
}

MARKS: Mapping[Kind, Mapping[str, Mark]] = {
    Kind.REFERRAL: REFERRAL,
    Kind.ITEM: ITEM,
    Kind.OUTCOME: OUTCOME,
    Kind.URGENCY: URGENCY,
    Kind.DELIVERY: DELIVERY,
    Kind.ENDPOINT: ENDPOINT,
    Kind.EVENT: EVENT,
    Kind.FINDING: FINDING,
    Kind.STANDING: STANDING,
    Kind.REVIEW: REVIEW,
}
WORDS: Mapping[Kind, type[Choices]] = {
    Kind.REFERRAL: State,
    Kind.ITEM: ItemState,
    Kind.OUTCOME: Outcome,
    Kind.URGENCY: Urgency,
    Kind.ENDPOINT: EndpointState,
    Kind.EVENT: Verb,
    Kind.FINDING: Finding,
    Kind.STANDING: Standing,
    Kind.REVIEW: ReviewState,
}


def mark_of(kind: str, value: str) -> Mark:
    """The mark of a stored value; raises KeyError for a value nobody has drawn."""
    vocabulary = Kind(kind)
    mark = MARKS[vocabulary][value]
    return mark if mark.label else Mark(mark.tone, mark.icon, WORDS[vocabulary](value).label)
