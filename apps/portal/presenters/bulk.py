"""Acts on many referrals at once: which are offered, and what became of each referral."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from apps.accounts.principal import Principal
from apps.referrals.access import open_transitions
from apps.referrals.models import Referral
from apps.referrals.services import Moved
from apps.referrals.transitions import State, Transition


@dataclass(frozen=True, slots=True)
class Button:
    """One act of the bar under a list. `css`: primary, danger or nothing."""

    value: str
    label: str | Promise
    symbol: str
    css: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person is asked before an act on many referrals. `text_label` is empty where no words are needed."""

    title: str
    button: Button
    text_label: str | Promise
    references: Sequence[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one referral; `detail` says why it was refused."""

    reference: str
    state: str
    detail: str

    @property
    def is_done(self) -> bool:
        return not self.detail


BUTTONS: Mapping[Transition, Button] = MappingProxyType(
    {
        Transition.SUBMIT: Button("submit", _("Submit for approval"), "send", "primary"),
        Transition.APPROVE: Button("approve", _("Approve and send"), "badge-check", "primary"),
        Transition.ACKNOWLEDGE: Button("acknowledge", _("Confirm receipt"), "check", "primary"),
        Transition.CLOSE: Button("close", _("Close"), "archive"),
        Transition.RETURN: Button("return", _("Return to the author"), "undo-2"),
        Transition.WITHDRAW: Button("withdraw", _("Withdraw"), "undo-2", "danger"),
    }
)
SEND_AT_ONCE = Button("submit", _("Send"), "send", "primary")
TEXT_LABELS: Mapping[Transition, str | Promise] = MappingProxyType(
    {
        Transition.RETURN: _("What should their authors mend?"),
        Transition.WITHDRAW: _("Why are they withdrawn? Platforms that received them read this."),
    }
)
TITLES: Mapping[Transition, Promise] = MappingProxyType(
    {
        Transition.SUBMIT: ngettext_lazy(
            "Submit %(count)s referral for approval", "Submit %(count)s referrals for approval", "count"
        ),
        Transition.APPROVE: ngettext_lazy(
            "Approve and send %(count)s referral", "Approve and send %(count)s referrals", "count"
        ),
        Transition.ACKNOWLEDGE: ngettext_lazy(
            "Confirm the receipt of %(count)s referral", "Confirm the receipt of %(count)s referrals", "count"
        ),
        Transition.CLOSE: ngettext_lazy("Close %(count)s referral", "Close %(count)s referrals", "count"),
        Transition.RETURN: ngettext_lazy("Return %(count)s referral", "Return %(count)s referrals", "count"),
        Transition.WITHDRAW: ngettext_lazy("Withdraw %(count)s referral", "Withdraw %(count)s referrals", "count"),
    }
)
SEND_TITLE = ngettext_lazy("Send %(count)s referral", "Send %(count)s referrals", "count")
SENT = ngettext_lazy("%(count)s referral was sent.", "%(count)s referrals were sent.", "count")
DONE: Mapping[Transition, Promise] = MappingProxyType(
    {
        Transition.SUBMIT: ngettext_lazy(
            "%(count)s referral waits for approval.", "%(count)s referrals wait for approval.", "count"
        ),
        Transition.APPROVE: SENT,
        Transition.ACKNOWLEDGE: ngettext_lazy(
            "The receipt of %(count)s referral was confirmed.",
            "The receipt of %(count)s referrals was confirmed.",
            "count",
        ),
        Transition.CLOSE: ngettext_lazy("%(count)s referral was closed.", "%(count)s referrals were closed.", "count"),
        Transition.RETURN: ngettext_lazy(
            "%(count)s referral went back to its author.", "%(count)s referrals went back to their authors.", "count"
        ),
        Transition.WITHDRAW: ngettext_lazy(
            "%(count)s referral was withdrawn.", "%(count)s referrals were withdrawn.", "count"
        ),
    }
)


def buttons_for(principal: Principal, rows: Iterable[Referral]) -> list[Button]:
    """Each act that this person may take on at least one of the rows."""
    possible = {transition for row in rows for transition in open_transitions(principal, row)}
    return [button_for(principal, transition) for transition in BUTTONS if transition in possible]


def button_for(principal: Principal, transition: Transition) -> Button:
    """Where no second person is asked for, handing in is sending."""
    if transition is Transition.SUBMIT and not principal.organisation.second_person:
        return SEND_AT_ONCE
    return BUTTONS[transition]


def asked(principal: Principal, transition: Transition, references: Sequence[str]) -> Asked:
    button = button_for(principal, transition)
    title = SEND_TITLE if button is SEND_AT_ONCE else TITLES[transition]
    return Asked(
        title=str(title % {"count": len(references)}),
        button=button,
        text_label=TEXT_LABELS.get(transition, ""),
        references=references,
    )


def outcomes(results: Mapping[str, Moved]) -> list[Outcome]:
    """Refusals first: they are what the person has to look at."""
    rows = [Outcome(one.reference, one.state, str(one.detail) if one.code else "") for one in results.values()]
    return sorted(rows, key=_is_done)


def done_words(transition: Transition, rows: Sequence[Outcome]) -> str:
    """How many moved, as a sentence; empty where none did."""
    done = [row for row in rows if row.is_done]
    if not done:
        return ""
    words = SENT if transition is Transition.SUBMIT and done[0].state == State.SENT else DONE[transition]
    return str(words % {"count": len(done)})


def _is_done(row: Outcome) -> bool:
    return row.is_done
