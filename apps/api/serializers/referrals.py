"""How a referral looks. The fields are the documentation, `write_…` the writing: one without the other fails a test."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F
from rest_framework import serializers

from apps.accounts.principal import Principal
from apps.api.answers import moment
from apps.api.serializers.attachments import AttachmentOut, write_attachments
from apps.api.serializers.obligations import ReferralClockOut, write_obligations
from apps.referrals.access import open_transitions
from apps.referrals.explaining.facts import Explanation
from apps.referrals.instruments import Instrument
from apps.referrals.models import Attachment, Event, Referral
from apps.referrals.models.event import Verb
from apps.referrals.transitions import State, Transition
from apps.taxonomy.areas import Area
from apps.taxonomy.categories import Category
from apps.taxonomy.sharing import Pap, Tlp
from apps.taxonomy.urgency import Urgency


class ReferralRow(serializers.Serializer[Any]):
    """One legal instrument to one platform. `filed_at` and `case` are the sender's own: null for the platform."""

    reference = serializers.CharField()
    state = serializers.ChoiceField(State.choices)
    instrument = serializers.ChoiceField(Instrument.choices)
    area = serializers.ChoiceField(Area.choices)
    category = serializers.ChoiceField(Category.choices)
    keywords = serializers.ListField(child=serializers.CharField())
    urgency = serializers.ChoiceField(Urgency.choices)
    sender = serializers.CharField(help_text="Its slug.")
    sender_name = serializers.CharField()
    platform = serializers.CharField(help_text="Its slug.")
    platform_name = serializers.CharField()
    language = serializers.CharField(help_text="ISO 639-1: the language of the reasons.")
    tlp = serializers.ChoiceField(Tlp.choices)
    pap = serializers.ChoiceField(Pap.choices)
    items = serializers.IntegerField(help_text="How many addresses it holds.")
    open_items = serializers.IntegerField(help_text="How many of them wait for an answer.")
    case = serializers.CharField(allow_null=True)
    filed_at = serializers.DateTimeField(allow_null=True)
    sent_at = serializers.DateTimeField(allow_null=True)
    received_at = serializers.DateTimeField(allow_null=True, help_text="The proven receipt; the clock starts here.")
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True, help_text="Null while no clock runs.")
    overdue = serializers.BooleanField()
    actions = serializers.ListField(
        child=serializers.ChoiceField(Transition.choices), help_text="What this token may do to it now."
    )


class EventRow(serializers.Serializer[Any]):
    """`organisation` is the slug of the side that acted, null for the system; `actor` only within one's own house."""

    verb = serializers.ChoiceField(Verb.choices)
    at = serializers.DateTimeField()
    organisation = serializers.CharField(allow_null=True)
    actor = serializers.CharField(allow_null=True)
    text = serializers.CharField()


class ReferralDetail(ReferralRow):
    obligations = ReferralClockOut(many=True, help_text="Its clocks, the strictest first.")
    legal_basis = serializers.CharField()
    reasons = serializers.CharField()
    good_faith_at = serializers.DateTimeField(allow_null=True, help_text="DSA Art 16(2)(d)")
    events = EventRow(
        many=True, help_text="What happened to it, oldest first; what happened to an item is in the item."
    )
    attachments = AttachmentOut(many=True, help_text="Files that went with questions and replies.")


class Parties(NamedTuple):
    """Who stands on either side, and in which file of the sender's."""

    sender: str
    sender_name: str
    platform: str
    platform_name: str
    case: str | None


# What a list reads of them, in the same query and without a model for each; of the case only its own house.
PARTIES = {
    "sender_slug": F("sender__slug"),
    "sender_name": F("sender__name"),
    "platform_slug": F("recipient__slug"),
    "platform_name": F("recipient__name"),
}
CASE = {"case_reference": F("case__reference")}


def parties_of(row: Any) -> Parties:
    """Of a row read with `PARTIES`, and with `CASE` where it is the reader's."""
    case = getattr(row, "case_reference", None)
    return Parties(row.sender_slug, row.sender_name, row.platform_slug, row.platform_name, case)


def write_referral(row: Referral, parties: Parties | None = None, *, by: Principal, at: datetime) -> dict[str, Any]:
    """Without `parties` they are taken from the referral's own relations, which should be loaded."""
    mine = by.organisation_id == row.sender_id
    parties = parties or Parties(
        row.sender.slug, row.sender.name, row.recipient.slug, row.recipient.name, row.case.reference if mine else None
    )
    return {
        "reference": row.reference,
        "state": row.state,
        "instrument": row.instrument,
        "area": row.area,
        "category": row.category,
        "keywords": row.keywords,
        "urgency": row.urgency,
        "sender": parties.sender,
        "sender_name": parties.sender_name,
        "platform": parties.platform,
        "platform_name": parties.platform_name,
        "language": row.language,
        "tlp": row.tlp,
        "pap": row.pap,
        "items": row.item_count,
        "open_items": row.open_count,
        "case": parties.case,
        "filed_at": moment(row.filed_at) if mine else None,
        "sent_at": moment(row.sent_at),
        "received_at": moment(row.received_at),
        "acknowledged_at": moment(row.acknowledged_at),
        "answered_at": moment(row.answered_at),
        "due_at": moment(row.due_at),
        "overdue": row.is_overdue(at),
        "actions": [transition.value for transition in open_transitions(by, row)],
    }


def write_referral_detail(
    row: Referral,
    clocks: Sequence[Explanation],
    events: Sequence[Event],
    attachments: Sequence[Attachment],
    *,
    by: Principal,
    at: datetime,
) -> dict[str, Any]:
    slugs = {row.sender_id: row.sender.slug, row.recipient_id: row.recipient.slug}
    return {
        **write_referral(row, by=by, at=at),
        "legal_basis": row.legal_basis,
        "reasons": row.reasons,
        "good_faith_at": moment(row.good_faith_at),
        "obligations": write_obligations(clocks, at=at),
        "events": [
            {
                "verb": event.verb,
                "at": moment(event.at),
                "organisation": slugs.get(event.organisation_id or 0),
                "actor": event.actor_label if event.organisation_id == by.organisation_id else None,
                "text": event.text,
            }
            for event in events
        ],
        "attachments": write_attachments(attachments, row),
    }
