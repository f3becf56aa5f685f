"""The 17 categories of illegal content: Implementing Regulation (EU) 2024/2835, Annex I part 2, codes and labels.

The order is the official one: category n is the n-th member.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Category(TextChoices):
    ANIMAL_WELFARE = "STATEMENT_CATEGORY_ANIMAL_WELFARE", _("Animal welfare")
    CONSUMER_INFORMATION = "STATEMENT_CATEGORY_CONSUMER_INFORMATION", _("Consumer information infringements")
    CYBER_VIOLENCE = "STATEMENT_CATEGORY_CYBER_VIOLENCE", _("Cyber violence")
    CYBER_VIOLENCE_AGAINST_WOMEN = (
        "STATEMENT_CATEGORY_CYBER_VIOLENCE_AGAINST_WOMEN",
        _("Cyber violence against women"),
    )
    DATA_PROTECTION_AND_PRIVACY_VIOLATIONS = (
        "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
        _("Data protection and privacy violations"),
    )
    ILLEGAL_OR_HARMFUL_SPEECH = "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH", _("Illegal or harmful speech")
    INTELLECTUAL_PROPERTY_INFRINGEMENTS = (
        "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS",
        _("Intellectual property infringements"),
    )
    NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS = (
        "STATEMENT_CATEGORY_NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS",
        _("Negative effects on civic discourse or elections"),
    )
    PROTECTION_OF_MINORS = "STATEMENT_CATEGORY_PROTECTION_OF_MINORS", _("Protection of minors")
    RISK_FOR_PUBLIC_SECURITY = "STATEMENT_CATEGORY_RISK_FOR_PUBLIC_SECURITY", _("Risk for public security")
    SCAMS_AND_FRAUD = "STATEMENT_CATEGORY_SCAMS_AND_FRAUD", _("Scams and/or fraud")
    SELF_HARM = "STATEMENT_CATEGORY_SELF_HARM", _("Self-harm")
    UNSAFE_AND_PROHIBITED_PRODUCTS = (
        "STATEMENT_CATEGORY_UNSAFE_AND_PROHIBITED_PRODUCTS",
        _("Unsafe, non-compliant or prohibited products"),
    )
    VIOLENCE = "STATEMENT_CATEGORY_VIOLENCE", _("Violence")
    OTHER_VIOLATION_TC = (
        "STATEMENT_CATEGORY_OTHER_VIOLATION_TC",
        _("Other violation of provider’s terms and conditions"),
    )
    NOT_SPECIFIED_ORDER = (
        "STATEMENT_CATEGORY_NOT_SPECIFIED_ORDER",
        _("Type of illegal content not specified by the public authority"),
    )
    NOT_SPECIFIED_NOTICE = (
        "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE",
        _("Type of alleged illegal content not specified by the notifier"),
    )

    @property
    def number(self) -> int:
        """1 to 17, as the official templates number them."""
        return _NUMBERS[self]


_NUMBERS = {category: number for number, category in enumerate(Category, start=1)}

# Annex II: 15 counts own-initiative measures on the terms and conditions, 16 orders, 17 notices, each only there.
ONLY_OWN_INITIATIVE = frozenset({Category.OTHER_VIOLATION_TC})
ONLY_ORDERS = frozenset({Category.NOT_SPECIFIED_ORDER})
ONLY_NOTICES = frozenset({Category.NOT_SPECIFIED_NOTICE})
