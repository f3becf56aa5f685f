"""Everything the page of one referral shows, for the side that looks at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from apps.accounts.principal import Principal
from apps.delivery.selectors import Trace, open_links, traces
from apps.organisations.permissions import Permission
from apps.portal.presenters.enclosures import Enclosure, enclosures
from apps.portal.presenters.explained import Clock, clocks_of
from apps.portal.presenters.filed import addresses
from apps.portal.presenters.histories import of_referral
from apps.portal.presenters.instruments import MEANINGS, Meaning
from apps.portal.presenters.item_lines import Line, lines_of
from apps.portal.presenters.masking import is_masked
from apps.portal.presenters.pages import Page, page_of
from apps.portal.presenters.referral_clock import Standing, standing
from apps.portal.presenters.referral_facts import Facts, about
from apps.portal.presenters.tiles import Event, Tab
from apps.referrals.access import open_transitions
from apps.referrals.explaining.facts import explanations
from apps.referrals.models import Case, InboundAnswer, Item, Referral
from apps.referrals.services import unconfirmed_reply
from apps.referrals.transitions import UNANSWERED, ItemState, State, Transition
from apps.taxonomy.areas import WITHOUT_MATERIAL
from apps.taxonomy.sharing import Tlp

PAGE_SIZE = 100
UNDO_FOR = timedelta(minutes=15)
UNTOUCHED = frozenset({State.SENT, State.RECEIVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralPage:
    referral: Referral
    is_sender: bool
    meaning: Meaning
    standing: Standing
    clocks: Sequence[Clock]
    due_at: datetime | None
    page: Page[Item]
    lines: Sequence[Line]
    actions: Sequence[Transition]
    history: Sequence[Event]
    question: str
    deliveries: Sequence[Trace]
    attachments: Sequence[Enclosure]
    reply: InboundAnswer | None
    open_links: Sequence[str]
    about: Facts
    case: Case | None
    is_masked: bool
    is_revealed: bool
    may_undo: bool
    may_note_form: bool = False
    show: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return f"{self.referral.get_area_display()}, {addresses(self.referral.item_count)}"

    @property
    def tlp(self) -> str:
        return Tlp(self.referral.tlp).marking

    @property
    def buttons(self) -> Sequence[str]:
        """The templates of what may be done now; a move that has none would be missing from the table's tests."""
        return [f"portal/referrals/actions/{action.value}.html" for action in self.actions]

    @property
    def parts(self) -> Sequence[Tab]:
        """All, open and answered addresses: links, where there is more than one kind."""
        if len([count for count in self.counts.values() if count]) < 3:
            return []
        words = {"": _("All"), ItemState.OPEN.value: _("Open"), ItemState.DECIDED.value: _("Answered")}
        return [
            Tab(words[value], f"?show={value}#items", is_current=value == self.show, count=count)
            for value, count in self.counts.items()
        ]

    @property
    def may_answer(self) -> bool:
        return Transition.ANSWER in self.actions

    @property
    def may_announce(self) -> bool:
        """Somebody waits for an answer, and the clock runs."""
        return self.may_answer and self.referral.due_at is not None

    @property
    def may_attach(self) -> bool:
        return self.referral.area not in WITHOUT_MATERIAL

    @property
    def may_reveal(self) -> bool:
        return self.is_masked and not self.is_revealed and bool(self.lines)


def referral_page(
    referral: Referral, *, number: str, show: str = "", revealed: bool = False, by: Principal, now: datetime
) -> ReferralPage:
    """Asks a fixed number of queries, however many items and events there are."""
    is_sender = referral.sender_id == by.organisation_id
    masked = is_masked(referral.area)
    explained = explanations(referral) if referral.received_at else []
    actions = open_transitions(by, referral)
    counts = counts_of(referral)
    show = show if show in counts else ""
    history = of_referral(referral, by=by)
    case = Case.objects.visible_to(by).get(pk=referral.case_id) if is_sender else None
    page = items_of(referral, number=number, show=show, count=counts[show])
    return ReferralPage(
        referral=referral,
        is_sender=is_sender,
        meaning=MEANINGS[referral.instrument],
        standing=standing(referral, explained, now=now),
        clocks=clocks_of(referral, explained, by=by, now=now),
        due_at=referral.due_at,
        page=page,
        lines=lines_of(page.rows, hidden=masked and not revealed),
        actions=actions,
        history=history.lines,
        question=history.question if referral.state == State.INFO_REQUESTED else "",
        deliveries=traces(referral.reference),
        attachments=enclosures(referral),
        reply=unconfirmed_reply(referral),
        open_links=open_links(referral.reference, at=now) if is_sender else [],
        about=about(referral, case),
        case=case,
        is_masked=masked,
        is_revealed=revealed,
        may_note_form=may_note_form(referral, by),
        may_undo=may_undo(referral, actions, now=now),
        show=show,
        counts=counts,
    )


def counts_of(referral: Referral) -> Mapping[str, int]:
    """All items, the open ones and the rest; the referral knows these without counting."""
    total, waiting = referral.item_count, referral.open_count
    if referral.state == State.WITHDRAWN:
        return {"": total}
    return {"": total, ItemState.OPEN.value: waiting, ItemState.DECIDED.value: total - waiting}


def items_of(referral: Referral, *, number: str, show: str, count: int) -> Page[Item]:
    rows = Item.objects.filter(referral=referral).order_by("pk")
    return page_of(rows.filter(state=show) if show else rows, number=number, size=PAGE_SIZE, total=count)


def may_note_form(referral: Referral, by: Principal) -> bool:
    """Whether the sender may say that it was taken to the platform's own form."""
    return (
        referral.sender_id == by.organisation_id and referral.state in UNANSWERED and by.may(Permission.FILE_REFERRALS)
    )


def may_undo(referral: Referral, actions: Sequence[Transition], *, now: datetime) -> bool:
    """Whether to offer the way back prominently: it has just left, and nobody has acted on it yet."""
    just_sent = referral.sent_at is not None and now - referral.sent_at < UNDO_FOR
    return just_sent and referral.state in UNTOUCHED and Transition.WITHDRAW in actions
