"""Who reads the directory: senders all of it, a platform its own entry. Others find nothing there."""

from typing import Protocol

from django.db.models import QuerySet
from django.http import Http404

from apps.organisations.models import Kind, Organisation


class Facts(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def sends(self) -> bool: ...
    @property
    def receives(self) -> bool: ...


class Reader(Protocol):
    """Whoever acts, as far as the directory asks."""

    @property
    def organisation(self) -> Facts: ...


def platforms_for(reader: Reader) -> QuerySet[Organisation]:
    """The platforms this organisation may look up."""
    rows = Organisation.objects.filter(kind=Kind.PLATFORM, is_active=True)
    if reader.organisation.sends:
        return rows.filter(sandbox_of=None)
    return rows.filter(pk=reader.organisation.id)


def access_platform(reader: Reader, slug: str) -> Organisation:
    """The one way from a request to a platform's entry: 404 where it is not theirs to look up."""
    found = platforms_for(reader).filter(slug=slug).select_related("platform").first()
    if found is None:
        raise Http404
    return found


def access_own_platform(reader: Reader) -> Organisation:
    """The entry of the acting platform; 404 for anybody else's organisation."""
    if not reader.organisation.receives:
        raise Http404
    return Organisation.objects.select_related("platform").get(pk=reader.organisation.id)


def access_own_house(reader: Reader) -> Organisation:
    """The acting organisation with its calendar; 404 for those that neither send nor receive: they have no clocks."""
    if not (reader.organisation.sends or reader.organisation.receives):
        raise Http404
    return Organisation.objects.select_related("calendar", "platform").get(pk=reader.organisation.id)
