"""The legal instruments, as data: who may issue one, what it must say, and what may be answered to it.

The instrument is the root type of a referral and never changes once it is sent. Orders (Reg. (EU) 2021/784 Art 3, DSA
Art 9 and 10) have their own forms and clocks; they are listed so that nothing else is taken for one, and cannot be
filed here yet. Sources: domain.md 2.1; DSA Art 16(2), Art 22.
"""

from dataclasses import dataclass
from types import MappingProxyType

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.organisations.models import Capability


class Instrument(models.TextChoices):
    REFERRAL = "referral", _("Referral for voluntary consideration")
    NOTICE = "notice", _("Notice (DSA Art 16)")
    TRUSTED_FLAGGER_NOTICE = "trusted_flagger_notice", _("Trusted flagger notice (DSA Art 22)")
    REMOVAL_ORDER = "removal_order", _("Removal order (Reg. (EU) 2021/784 Art 3)")
    ORDER_TO_ACT = "order_to_act", _("Order to act (DSA Art 9)")
    ORDER_TO_INFORM = "order_to_inform", _("Order to provide information (DSA Art 10)")


@dataclass(frozen=True, slots=True)
class Rule:
    """`voluntary`: the provider weighs the content against its own terms and owes no answer in law."""

    capability: Capability
    voluntary: bool
    needs_good_faith: bool
    fileable: bool = True


RULES = MappingProxyType(
    {
        Instrument.REFERRAL: Rule(Capability.REFER, voluntary=True, needs_good_faith=False),
        Instrument.NOTICE: Rule(Capability.NOTIFY, voluntary=False, needs_good_faith=True),
        Instrument.TRUSTED_FLAGGER_NOTICE: Rule(Capability.FLAG, voluntary=False, needs_good_faith=True),
        Instrument.REMOVAL_ORDER: Rule(Capability.ORDER_REMOVAL, False, False, fileable=False),
        Instrument.ORDER_TO_ACT: Rule(Capability.ORDER_ACTION, False, False, fileable=False),
        Instrument.ORDER_TO_INFORM: Rule(Capability.ORDER_INFORMATION, False, False, fileable=False),
    }
)

FILEABLE = tuple(instrument for instrument, rule in RULES.items() if rule.fileable)
