"""Content areas as people speak of them, each with the official category and keywords proposed for it.

A proposal only: the officer may choose others, and both the area and the category are stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from apps.taxonomy.categories import Category
from apps.taxonomy.keywords import Keyword


class Area(TextChoices):
    TERRORISM = "terrorism", _("Terrorism and violent extremism")
    HATE_SPEECH = "hate_speech", _("Hate speech")
    CSAM = "csam", _("Child sexual abuse material")
    COUNTERFEIT_IP = "counterfeit_ip", _("Counterfeits and intellectual property")
    PRODUCT_SAFETY = "product_safety", _("Product safety")
    FOOD = "food", _("Food chain products")
    COMMERCIAL_PRACTICES = "commercial_practices", _("Illegal commercial practices")
    SHORT_TERM_RENTAL = "short_term_rental", _("Short-term rental")
    WILDLIFE = "wildlife", _("Wildlife trafficking")
    MIGRANT_SMUGGLING = "migrant_smuggling", _("Migrant smuggling")
    OTHER = "other", _("Other")


@dataclass(frozen=True, slots=True)
class Proposal:
    """`keywords`: chosen beforehand. `alternatives`: further categories that fit this area."""

    category: Category | None
    keywords: tuple[Keyword, ...] = ()
    alternatives: tuple[Category, ...] = ()


PROPOSALS: Mapping[Area, Proposal] = MappingProxyType(
    {
        Area.TERRORISM: Proposal(Category.RISK_FOR_PUBLIC_SECURITY, (Keyword.TERRORIST_CONTENT,)),
        Area.HATE_SPEECH: Proposal(Category.ILLEGAL_OR_HARMFUL_SPEECH, (Keyword.HATE_SPEECH,)),
        Area.CSAM: Proposal(Category.PROTECTION_OF_MINORS, (Keyword.CHILD_SEXUAL_ABUSE_MATERIAL,)),
        Area.COUNTERFEIT_IP: Proposal(Category.INTELLECTUAL_PROPERTY_INFRINGEMENTS, (Keyword.TRADEMARK_INFRINGEMENT,)),
        Area.PRODUCT_SAFETY: Proposal(Category.UNSAFE_AND_PROHIBITED_PRODUCTS, (Keyword.UNSAFE_PRODUCTS,)),
        Area.FOOD: Proposal(
            Category.UNSAFE_AND_PROHIBITED_PRODUCTS,
            (Keyword.UNSAFE_PRODUCTS,),
            alternatives=(Category.RISK_FOR_PUBLIC_SECURITY,),
        ),
        Area.COMMERCIAL_PRACTICES: Proposal(Category.CONSUMER_INFORMATION, alternatives=(Category.SCAMS_AND_FRAUD,)),
        Area.SHORT_TERM_RENTAL: Proposal(Category.CONSUMER_INFORMATION, (Keyword.OTHER,)),
        Area.WILDLIFE: Proposal(
            Category.ANIMAL_WELFARE,
            (Keyword.UNLAWFUL_SALE_ANIMALS,),
            alternatives=(Category.UNSAFE_AND_PROHIBITED_PRODUCTS,),
        ),
        Area.MIGRANT_SMUGGLING: Proposal(Category.VIOLENCE, (Keyword.HUMAN_TRAFFICKING,)),
        Area.OTHER: Proposal(None),
    }
)

# Never an upload, never a fetch, the address masked: material in these areas may not be held or looked at.
WITHOUT_MATERIAL = frozenset({Area.CSAM})
