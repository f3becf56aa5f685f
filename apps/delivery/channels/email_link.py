"""E-mail to whoever has no account: each address gets its own link, which answers about one reference."""

from collections.abc import Collection, Iterator, Sequence, Set
from datetime import datetime

from django.core.mail.backends.base import BaseEmailBackend

from apps.delivery import links, reasons
from apps.delivery.channels import email
from apps.delivery.channels.fate import Fate
from apps.delivery.mail.composing import SIGNING_IN, AddressRefused, Way, compose, compose_passcode
from apps.delivery.mail.enclosure import Enclosure, enclosures
from apps.delivery.mail.sending import mailer
from apps.delivery.mail.signing import Mail
from apps.delivery.models import Delivery, DeliveryState, Link
from apps.tenancy.context import acting_as, system


def reachable(organisation_ids: Collection[int]) -> Set[int]:
    return email.reachable(organisation_ids)


def deliver(rows: Sequence[Delivery], *, at: datetime) -> Iterator[tuple[Delivery, Fate]]:
    with acting_as(system("deliver")):
        addresses = email.addresses_of({row.recipient_id for row in rows})
        enclosed = enclosures({row.about for row in rows})
    with mailer() as backend:
        for row in rows:
            to = addresses.get(row.recipient_id, ())
            yield row, _send(row, to, enclosed[row.about], backend=backend, at=at)


def _send(row: Delivery, to: Sequence[str], enclosure: Enclosure, *, backend: BaseEmailBackend, at: datetime) -> Fate:
    """One mail for each address, the code in another; it left when one address was taken."""
    if not to:
        return Fate(DeliveryState.FAILED, detail=reasons.NO_ADDRESS)
    fates = [_to_one(row, address, number, enclosure, backend=backend, at=at) for number, address in enumerate(to, 1)]
    return _together(fates)


def _to_one(
    row: Delivery, address: str, number: int, enclosure: Enclosure, *, backend: BaseEmailBackend, at: datetime
) -> Fate:
    if enclosure.closed or not row.recipient.receives:
        return _hand(row, [address], enclosure, SIGNING_IN, None, backend=backend)
    with acting_as(system("deliver")):
        link = links.link_for(row, address=address, needs_passcode=enclosure.is_sensitive, at=at)
    way = Way(
        link=links.address_of(link), expires_at=link.expires_at, needs_passcode=link.needs_passcode, number=number
    )
    return _hand(row, [address], enclosure, way, link, backend=backend)


def _hand(
    row: Delivery, to: Sequence[str], enclosure: Enclosure, way: Way, link: Link | None, *, backend: BaseEmailBackend
) -> Fate:
    try:
        mails: list[Mail] = [compose(row, to=to, enclosure=enclosure, way=way)]
        if link and link.needs_passcode:
            mails.append(compose_passcode(row, to=to, passcode=links.passcode_of(link), number=way.number))
    except AddressRefused as problem:
        return Fate(DeliveryState.FAILED, detail=f"{reasons.NOT_AN_ADDRESS} {problem}")
    fates = [email.hand(row, mail, backend=backend) for mail in mails]
    return next((fate for fate in fates if fate.state is not DeliveryState.SENT), fates[0])


def _together(fates: Sequence[Fate]) -> Fate:
    """The best that happened to any of the mails; what was taken by whom stands in the proof."""
    order = (DeliveryState.SENT, DeliveryState.DEFERRED, DeliveryState.BOUNCED, DeliveryState.FAILED)
    best = min(fates, key=lambda fate: order.index(fate.state))
    if best.state is not DeliveryState.SENT:
        return best
    taken = [address for fate in fates if fate.proof for address in fate.proof["to"]]
    proof = {**(best.proof or {}), "to": taken}
    return Fate(best.state, code=best.code, detail=best.detail, proof=proof, started_at=best.started_at)
