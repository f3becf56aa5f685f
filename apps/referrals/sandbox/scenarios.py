"""What the made-up sender can be asked to do. Data: a new scenario is a new row, and a line in the guide."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.taxonomy.urgency import Urgency


class Act(StrEnum):
    FILE = "file"
    FILE_AND_WITHDRAW = "file_and_withdraw"
    REPLY = "reply"  # to every question that is open


@dataclass(frozen=True, slots=True)
class Scenario:
    """`words`: what comes in, and what to do with it."""

    slug: str
    label: str | Promise
    words: str | Promise
    act: Act = Act.FILE
    count: int = 1
    urgency: str = Urgency.STANDARD.value
    reasons: str = "A made-up referral: nothing behind these addresses exists."


_ALL = (
    Scenario(
        "three-items",
        _("One referral of three items"),
        _("Read the worklist, acknowledge the referral, answer one item by itself and the others together."),
        count=3,
    ),
    Scenario(
        "urgent",
        _("An urgent one"),
        _("One item with a target of one hour. It stands first in the worklist."),
        urgency=Urgency.HOUR.value,
    ),
    Scenario(
        "question",
        _("Something is missing"),
        _("The reasons do not say which part is meant. Ask the sender; the clock stops until it replies."),
        count=2,
        reasons="One of these is unlawful.",
    ),
    Scenario("reply", _("The sender replies"), _("Answers every question you have asked."), act=Act.REPLY),
    Scenario(
        "five-hundred",
        _("Five hundred items"),
        _("Answer all of them in one call, and send the same call again with the same key."),
        count=500,
    ),
    Scenario(
        "withdrawal",
        _("A referral that is taken back"),
        _("It is withdrawn as soon as it has been sent. Acknowledge it all the same and see 409."),
        act=Act.FILE_AND_WITHDRAW,
        count=2,
    ),
    Scenario(
        "correction",
        _("An answer that was wrong"),
        _("Answer the item, then answer it again with another outcome: the newest one counts."),
    ),
)
SCENARIOS: Mapping[str, Scenario] = {one.slug: one for one in _ALL}
