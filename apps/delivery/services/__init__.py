"""The outbox. Writing to it is part of the act's own transaction; emptying it is the worker's."""

from apps.delivery.services.emptying import deliver_pending
from apps.delivery.services.endpoints import (
    change_endpoint,
    pause_endpoint,
    register_endpoint,
    remove_endpoint,
    resume_endpoint,
    rotate_keys,
)
from apps.delivery.services.forms import note_form
from apps.delivery.services.knocking import ask_challenge, ask_test, knock_pending
from apps.delivery.services.outbox import Outgoing, enqueue
from apps.delivery.services.preferring import RouteInvalid, prefer_channels
from apps.delivery.services.reading import note_read
from apps.delivery.services.replaying import Replayed, replay, replay_many, replay_one
from apps.delivery.services.routing import route_pending, ways_of
from apps.delivery.services.settling import settle_later
from apps.delivery.services.telling import tell_of_broken

__all__ = [
    "Outgoing",
    "Replayed",
    "RouteInvalid",
    "ask_challenge",
    "ask_test",
    "change_endpoint",
    "deliver_pending",
    "enqueue",
    "knock_pending",
    "note_form",
    "note_read",
    "pause_endpoint",
    "prefer_channels",
    "register_endpoint",
    "remove_endpoint",
    "replay",
    "replay_many",
    "replay_one",
    "resume_endpoint",
    "rotate_keys",
    "route_pending",
    "settle_later",
    "tell_of_broken",
    "ways_of",
]
