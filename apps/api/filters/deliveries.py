from collections.abc import Sequence

from apps.api.filters.kinds import Filters, Moment, OneOf, Query
from apps.delivery.vocabulary import Channel, DeliveryState, Message

SIDES = (("sent", "sent"), ("received", "received"))


class DeliveryFilters(Filters):
    state = OneOf(choices=DeliveryState.choices, label="What became of it; `dead` waits for somebody to send it again.")
    channel = OneOf(choices=Channel.choices, label="How it was sent last.")
    message = OneOf(choices=Message.choices, label="What it tells.")
    side = OneOf(choices=SIDES, method="on_side", label="Whether the organisation sent it, or received it.")
    since = Moment(field_name="created_at", lookup_expr="gte", label="Written at this time or later.")
    until = Moment(field_name="created_at", lookup_expr="lt", label="Written before this time.")

    def on_side(self, rows: Query, name: str, sides: Sequence[str]) -> Query:
        if len(set(sides)) != 1:
            return rows
        mine = self.by.organisation_id
        return rows.filter(sender_id=mine) if sides[0] == "sent" else rows.filter(recipient_id=mine)
