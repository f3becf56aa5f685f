"""Everything the page of one address shows, for the side that looks at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.principal import Principal
from apps.organisations.permissions import Permission
from apps.portal.presenters.decisions import facts_of
from apps.portal.presenters.item_lines import Facts
from apps.portal.presenters.masking import is_masked, shown
from apps.portal.presenters.status import Kind, mark_of
from apps.portal.presenters.tiles import Event
from apps.referrals.models import Decision, Item
from apps.taxonomy.outcomes import Outcome
from apps.verification.findings import Reason
from apps.verification.models import Check, Review, ReviewState, Source
from apps.verification.selectors import Verified, next_look_at, verified_of

LINES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage:
    """`review`: the one that waits for the sender, or that a platform was told of."""

    item: Item
    is_sender: bool
    url: str
    shown: str
    kind: str
    value: str
    facts: Facts
    verified: Verified | None
    next_at: datetime | None
    review: Review | None
    history: Sequence[Event]
    may_check: bool
    may_file_again: bool

    @property
    def may_judge(self) -> bool:
        return self.may_check and self.review is not None and self.review.state in {"waiting", "taken_up"}

    @property
    def is_told(self) -> bool:
        """Whether the sender has opened to the platform what it found, and means it."""
        told = {ReviewState.TAKEN_UP.value, ReviewState.FILED_AGAIN.value}
        return not self.is_sender and self.review is not None and self.review.state in told

    @property
    def may_take_up(self) -> bool:
        return self.may_judge and self.review is not None and self.review.state == ReviewState.WAITING


def item_page(item: Item, *, by: Principal) -> ItemPage:
    """Asks a fixed number of queries, however often it was looked at."""
    is_sender, hidden = item.sender_id == by.organisation_id, is_masked(item.referral.area)
    decisions = list(Decision.objects.filter(item=item).order_by("-pk")[:LINES])
    checks = list(Check.objects.filter(item=item).select_related("checked_by").order_by("at", "pk"))
    reviews = list(Review.objects.filter(item=item).select_related("judged_by").order_by("-pk"))
    may_check = is_sender and item.disclosed and by.may(Permission.FILE_REFERRALS)
    return ItemPage(
        item=item,
        is_sender=is_sender,
        url="" if hidden else item.url,
        shown=shown(item.url, hidden=hidden),
        kind="outcome" if item.outcome else "item",
        value=item.outcome or item.state,
        facts=facts_of(decisions[0] if decisions else None),
        verified=verified_of(item, checks) if is_sender else None,
        next_at=next_look_at(item) if is_sender else None,
        review=reviews[0] if reviews else None,
        history=_history(item, decisions, checks[-LINES:], reviews, by=by),
        may_check=may_check,
        may_file_again=may_check and not hidden,
    )


def _history(
    item: Item, decisions: Sequence[Decision], checks: Sequence[Check], reviews: Sequence[Review], *, by: Principal
) -> Sequence[Event]:
    """What was claimed, what was seen and what people made of it, newest first."""
    lines = [
        *(_decided(one, item) for one in decisions),
        *(_looked(one, item, by=by) for one in checks),
        *(_judged(one, item, by=by) for one in reviews if one.judged_at),
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _decided(decision: Decision, item: Item) -> Event:
    mark = mark_of(Kind.OUTCOME, decision.outcome)
    words = _("Decided: %(outcome)s") % {"outcome": Outcome(decision.outcome).label}
    return Event(decision.decided_at, item.recipient.name, words, symbol="scale", tone=mark.tone)


def _looked(check: Check, item: Item, *, by: Principal) -> Event:
    mark = mark_of(Kind.FINDING, check.finding)
    words = [f"{check.get_finding_display()}."]
    if check.source == Source.CHECKER:
        words += [str(Reason(check.reason).label), _planned(check.after_days)]
    elif check.disclosed and by.organisation.sends:
        words.append(_("The platform may read this."))
    said = " ".join(filter(None, words))
    return Event(check.at, _looker(check, item, by), said, symbol=mark.icon, tone=mark.tone, quote=check.note)


def _looker(check: Check, item: Item, by: Principal) -> str:
    if check.source == Source.CHECKER or check.checked_by is None:
        return _("The checker")
    return check.checked_by.name if by.organisation_id == item.sender_id else item.sender.name


def _planned(days: int | None) -> str:
    if days is None:
        return ""
    return ngettext("%(days)s day after the claim.", "%(days)s days after the claim.", days) % {"days": days}


def _judged(review: Review, item: Item, *, by: Principal) -> Event:
    mark = mark_of(Kind.REVIEW, review.state)
    is_ours = by.organisation_id == item.sender_id
    actor = review.judged_by.name if is_ours and review.judged_by else item.sender.name
    words: Mapping[str, Any] = {
        ReviewState.TAKEN_UP: _("Taken up with the platform: it may read that the address was seen there."),
        ReviewState.DISMISSED: _("Dismissed: nothing is to be done."),
        ReviewState.FILED_AGAIN: _("Filed again as %(case)s.") % {"case": review.filed_as},
    }
    text = words[review.state] if is_ours else _("The sender has seen this address there again.")
    return Event(review.judged_at or review.seen_at, actor, text, symbol=mark.icon, tone=mark.tone)
