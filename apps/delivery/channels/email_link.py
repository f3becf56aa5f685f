"""E-mail to whoever has no account: each address gets links of its own, each of which answers about one reference."""

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from datetime import datetime

from django.core.mail.backends.base import BaseEmailBackend

from apps.delivery import links, reasons
from apps.delivery.channels import email
from apps.delivery.channels.addressees import addressees
from apps.delivery.channels.fate import Fate
from apps.delivery.mail.composing import SIGNING_IN, AddressRefused, Way, compose, compose_passcodes
from apps.delivery.mail.enclosure import UNKNOWN, Enclosure, enclosures
from apps.delivery.mail.reminders import links_wanted
from apps.delivery.mail.sending import mailer
from apps.delivery.mail.signing import Mail
from apps.delivery.models import Delivery, DeliveryState, Link
from apps.tenancy.context import acting_as, system

Enclosed = Mapping[str, Enclosure]


def reachable(organisation_ids: Collection[int]) -> Set[int]:
    return email.reachable(organisation_ids)


def deliver(rows: Sequence[Delivery], *, at: datetime) -> Iterator[tuple[Delivery, Fate]]:
    with acting_as(system("deliver")):
        addresses = addressees(rows)
        enclosed = enclosures({about for row in rows for about in _abouts(row)})
    with mailer() as backend:
        for row in rows:
            to = addresses.get((row.recipient_id, row.audience), ())
            yield row, _send(row, to, enclosed, backend=backend, at=at)


def _abouts(row: Delivery) -> Sequence[str]:
    """What a message brings links for: one reference, or the first of several."""
    return links_wanted(row) or [row.about]


def _send(row: Delivery, to: Sequence[str], enclosed: Enclosed, *, backend: BaseEmailBackend, at: datetime) -> Fate:
    """One mail for each address, the code in another; it left when one address was taken."""
    if not to:
        return Fate(DeliveryState.FAILED, detail=reasons.NO_ADDRESS)
    fates = [_to_one(row, address, number, enclosed, backend=backend, at=at) for number, address in enumerate(to, 1)]
    return _together(fates)


def _to_one(
    row: Delivery, address: str, number: int, enclosed: Enclosed, *, backend: BaseEmailBackend, at: datetime
) -> Fate:
    made = _links(row, address, enclosed, at=at) if row.recipient.receives else []
    enclosure = enclosed.get(row.about, UNKNOWN)
    if not made:
        return _hand(row, [address], enclosure, SIGNING_IN, (), backend=backend)
    way = Way(
        link=links.address_of(made[0]) if made[0].about == row.about else "",
        links={link.about: links.address_of(link) for link in made},
        expires_at=made[0].expires_at,
        needs_passcode=any(link.needs_passcode for link in made),
        number=number,
    )
    return _hand(row, [address], enclosure, way, made, backend=backend)


def _links(row: Delivery, address: str, enclosed: Enclosed, *, at: datetime) -> list[Link]:
    """A link for everything that still asks something of the recipient."""
    open_ones = {about: enclosed[about] for about in _abouts(row) if not enclosed[about].closed}
    with acting_as(system("deliver")):
        return [
            links.link_for(
                row, address=address, about=about, sender_id=one.sender_id, needs_passcode=one.is_sensitive, at=at
            )
            for about, one in open_ones.items()
        ]


def _hand(
    row: Delivery,
    to: Sequence[str],
    enclosure: Enclosure,
    way: Way,
    made: Sequence[Link],
    *,
    backend: BaseEmailBackend,
) -> Fate:
    try:
        mails: list[Mail] = [compose(row, to=to, enclosure=enclosure, way=way)]
        if codes := [(link.about, links.passcode_of(link)) for link in made if link.needs_passcode]:
            mails.append(compose_passcodes(row, to=to, codes=codes, number=way.number))
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
