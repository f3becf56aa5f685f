"""What each instrument means, in plain words, for those who send it and those who get it (domain.md 2.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.referrals.instruments import Instrument


@dataclass(frozen=True, slots=True)
class Meaning:
    """`effect`: what it does in law; `owed`: what the platform owes; `basis`: where that stands."""

    effect: str | Promise
    owed: str | Promise
    basis: str | Promise


MEANINGS: Mapping[str, Meaning] = MappingProxyType(
    {
        Instrument.REFERRAL: Meaning(
            _("This is not an order. The platform weighs the content against its own terms and decides itself."),
            _("The law asks for no answer; the portal asks the platform for the outcome and its time."),
            _("Regulation (EU) 2016/794, Article 4(1)(m), or national law"),
        ),
        Instrument.NOTICE: Meaning(
            _("This is not an order. Where the notice makes the illegality evident, the platform knows of it."),
            _("The platform confirms receipt, decides without undue delay and tells how to contest the decision."),
            _("Regulation (EU) 2022/2065, Article 16"),
        ),
        Instrument.TRUSTED_FLAGGER_NOTICE: Meaning(
            _("This is not an order. It is a notice that online platforms treat with priority."),
            _("The platform confirms receipt, decides without undue delay and tells how to contest the decision."),
            _("Regulation (EU) 2022/2065, Articles 16 and 22"),
        ),
        Instrument.REMOVAL_ORDER: Meaning(
            _("This is a binding order: the content is removed or disabled in all Member States within one hour."),
            _("The platform reports the removal, or why it is not possible."),
            _("Regulation (EU) 2021/784, Article 3"),
        ),
        Instrument.ORDER_TO_ACT: Meaning(
            _("This is an order of an authority, binding under the law it names."),
            _("The platform informs the authority if and when effect was given to it."),
            _("Regulation (EU) 2022/2065, Article 9"),
        ),
        Instrument.ORDER_TO_INFORM: Meaning(
            _("This is an order of an authority, binding under the law it names, for information already collected."),
            _("The platform informs the authority of the receipt and of the effect given to it."),
            _("Regulation (EU) 2022/2065, Article 10"),
        ),
    }
)
