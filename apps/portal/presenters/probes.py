import hmac
from collections.abc import Mapping
from enum import IntEnum
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest

from apps.deadlines.watch.broker import ask_broker
from apps.deadlines.watch.metrics import CONTENT_TYPE, figures, text_of
from apps.deadlines.watch.readiness import Finding, is_ready
from apps.deadlines.watch.state import State, present_time, state


class Door(IntEnum):
    """How a scrape is received, as its status."""

    OPEN = 200
    UNKNOWN = 401
    CLOSED = 403
    NOWHERE = 404


def door_for(request: HttpRequest) -> Door:
    """404 while nobody has said who may read the figures; then by token, or by the network one comes from."""
    watch = settings.WATCH
    if not watch.metrics_token and not watch.metrics_from:
        return Door.NOWHERE
    if _has_token(request, watch.metrics_token) or _is_near(request, watch.metrics_from):
        return Door.OPEN
    return Door.UNKNOWN if watch.metrics_token else Door.CLOSED


def _has_token(request: HttpRequest, token: str) -> bool:
    said = request.headers.get("Authorization", "")
    return bool(token) and hmac.compare_digest(said.encode(), f"Bearer {token}".encode())


def _is_near(request: HttpRequest, networks: tuple[str, ...]) -> bool:
    """By the address that our own proxy names last, where there is one; what stands before it anybody can write."""
    peer = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        peer = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    return any(address in ip_network(network) for network in networks)


def as_json(findings: Mapping[str, Finding]) -> dict[str, Any]:
    checks = {
        name: {
            "ok": one.ok,
            **({"detail": one.detail} if one.detail else {}),
            **({} if one.needed else {"needed": False}),
        }
        for name, one in findings.items()
    }
    return {"ready": is_ready(findings), "checks": checks}


def scrape() -> tuple[str, str]:
    """The figures as text, and their content type. A database that is away is a figure too."""
    return text_of(figures(_state(), ask_broker())), CONTENT_TYPE


def _state() -> State | None:
    try:
        return state(at=present_time())
    except Error:
        if not connection.in_atomic_block:
            connection.close()
        return None
