"""What a mail about a referral may carry, for the delivery floor, which knows no referrals (`MAIL_ENCLOSURES`)."""

from collections.abc import Collection, Mapping

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from apps.delivery.mail.enclosure import Enclosure
from apps.referrals.intake.addresses import defang
from apps.referrals.models import Item, Referral
from apps.referrals.transitions import UNANSWERED, ItemState
from apps.taxonomy.areas import WITHOUT_MATERIAL
from apps.taxonomy.sharing import Tlp

MOST_ITEMS = 1000  # of one referral; the rest is behind the link
NOT_BY_MAIL = frozenset({Tlp.RED})  # named recipients only: a mailbox is not one


def enclosures(references: Collection[str]) -> Mapping[str, Enclosure]:
    """In two queries for any number of referrals. Nothing of the child-abuse lane ever stands in a mail."""
    referrals = list(Referral.objects.filter(reference__in=set(references)))
    addresses: dict[int, list[tuple[str, str]]] = {row.pk: [] for row in referrals}
    items = Item.objects.filter(referral_id__in=[row.pk for row in referrals if may_list_addresses(row)])
    place = Window(RowNumber(), partition_by=F("referral_id"), order_by="pk")
    first_ones = items.filter(state=ItemState.OPEN).annotate(place=place).filter(place__lte=MOST_ITEMS)
    for referral_id, item, url in first_ones.order_by("pk").values_list("referral_id", "reference", "url"):
        addresses[referral_id].append((item, defang(url)))
    return {row.reference: _enclosure(row, addresses[row.pk]) for row in referrals}


def is_sensitive(referral: Referral) -> bool:
    """Whether nothing of the matter may stand in a mail, and a link needs a code from another one."""
    return referral.area in WITHOUT_MATERIAL or referral.tlp in NOT_BY_MAIL


def may_list_addresses(referral: Referral) -> bool:
    return not is_sensitive(referral) and referral.state in UNANSWERED


def _enclosure(referral: Referral, addresses: list[tuple[str, str]]) -> Enclosure:
    return Enclosure(
        is_sensitive=is_sensitive(referral),
        addresses=addresses,
        due_at=referral.due_at,
        closed=referral.state not in UNANSWERED,
        sender_id=referral.sender_id,
        data={
            "area": referral.area,
            "category": referral.category,
            "sharing": Tlp(referral.tlp).marking,
            "addresses": referral.item_count,
            "open_addresses": referral.open_count,
        },
    )
