from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol

from django.utils import timezone


class Content(Protocol):
    """An item, as far as a statement of reasons describes it."""

    @property
    def content_type(self) -> str: ...
    @property
    def content_language(self) -> str: ...
    @property
    def published_on(self) -> date | None: ...


class Notice(Protocol):
    """A referral, as far as a statement of reasons mentions it."""

    @property
    def instrument(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def keywords(self) -> Sequence[str]: ...
    @property
    def sent_at(self) -> datetime | None: ...
    @property
    def filed_at(self) -> datetime: ...


class Reported(NamedTuple):
    """What a statement takes from the referral: days, in the time zone of whoever answers, instead of moments."""

    instrument: str
    category: str
    keywords: tuple[str, ...]
    reported_on: date
    filed_on: date


class Subject(NamedTuple):
    """All that a statement says of the item and its referral: the statements about equal ones differ in their puid."""

    reported: Reported
    content_type: str
    content_language: str
    published_on: date | None


def reported_of(referral: Notice) -> Reported:
    return Reported(
        instrument=referral.instrument,
        category=referral.category,
        keywords=tuple(referral.keywords),
        reported_on=timezone.localdate(referral.sent_at or referral.filed_at),
        filed_on=timezone.localdate(referral.filed_at),
    )


def subject_of(item: Content, reported: Reported) -> Subject:
    return Subject(reported, item.content_type, item.content_language, item.published_on)
