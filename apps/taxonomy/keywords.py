"""Keywords under each category: every keyword of the Implementing Regulation and of the Transparency Database.

Order is that of Annex I part 2; `variants` narrows the set to what each of the two accepts.
"""

from collections.abc import Mapping
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from apps.taxonomy.categories import Category


class Keyword(TextChoices):
    # Animal welfare
    ANIMAL_HARM = "KEYWORD_ANIMAL_HARM", _("Animal harm")
    UNLAWFUL_SALE_ANIMALS = "KEYWORD_UNLAWFUL_SALE_ANIMALS", _("Unlawful sale of animals")

    # Consumer information
    HIDDEN_ADVERTISEMENT = (
        "KEYWORD_HIDDEN_ADVERTISEMENT",
        _("Hidden advertisement or commercial communication, including by influencers"),
    )
    INSUFFICIENT_INFORMATION_ON_TRADERS = (
        "KEYWORD_INSUFFICIENT_INFORMATION_ON_TRADERS",
        _("Insufficient information on traders"),
    )
    MISLEADING_INFO_GOODS_SERVICES = (
        "KEYWORD_MISLEADING_INFO_GOODS_SERVICES",
        _("Misleading information about the characteristics of the goods and services"),
    )
    MISLEADING_INFO_CONSUMER_RIGHTS = (
        "KEYWORD_MISLEADING_INFO_CONSUMER_RIGHTS",
        _("Misleading information about the consumer’s rights"),
    )
    NONCOMPLIANCE_PRICING = "KEYWORD_NONCOMPLIANCE_PRICING", _("Non-compliance with pricing regulations")

    # Cyber violence
    CYBER_BULLYING_INTIMIDATION = "KEYWORD_CYBER_BULLYING_INTIMIDATION", _("Cyber bullying and intimidation")
    CYBER_HARASSMENT = "KEYWORD_CYBER_HARASSMENT", _("Cyber harassment")
    CYBER_INCITEMENT = "KEYWORD_CYBER_INCITEMENT", _("Cyber incitement to hatred or violence")
    CYBER_STALKING = "KEYWORD_CYBER_STALKING", _("Cyber stalking")
    NON_CONSENSUAL_IMAGE_SHARING = (
        "KEYWORD_NON_CONSENSUAL_IMAGE_SHARING",
        _(
            "Non-consensual (intimate) material sharing, including (image-based) sexual abuse (excluding content "
            "depicting minors)"
        ),
    )
    NON_CONSENSUAL_MATERIAL_DEEPFAKE = (
        "KEYWORD_NON_CONSENSUAL_MATERIAL_DEEPFAKE",
        _(
            "Non-consensual sharing of material containing deepfake or similar technology using a third party's "
            "features (excluding content depicting minors)"
        ),
    )
    STALKING = "KEYWORD_STALKING", _("Stalking")  # Transparency Database only

    # Cyber violence against women
    BULLYING_AGAINST_GIRLS = "KEYWORD_BULLYING_AGAINST_GIRLS", _("Cyber bullying and intimidation against girls")
    CYBER_HARASSMENT_AGAINST_WOMEN = "KEYWORD_CYBER_HARASSMENT_AGAINST_WOMEN", _("Cyber harassment against women")
    CYBER_STALKING_AGAINST_WOMEN = "KEYWORD_CYBER_STALKING_AGAINST_WOMEN", _("Cyber stalking against women")
    FEMALE_GENDERED_DISINFORMATION = "KEYWORD_FEMALE_GENDERED_DISINFORMATION", _("Gendered disinformation")
    INCITEMENT_AGAINST_WOMEN = (
        "KEYWORD_INCITEMENT_AGAINST_WOMEN",
        _("Illegal incitement to violence and hatred against women"),
    )
    NON_CONSENSUAL_IMAGE_SHARING_AGAINST_WOMEN = (
        "KEYWORD_NON_CONSENSUAL_IMAGE_SHARING_AGAINST_WOMEN",
        _(
            "Non-consensual (intimate) material sharing against women, including (image-based) sexual abuse "
            "against women (excluding content depicting minors)"
        ),
    )
    NON_CONSENSUAL_MATERIAL_DEEPFAKE_AGAINST_WOMEN = (
        "KEYWORD_NON_CONSENSUAL_MATERIAL_DEEPFAKE_AGAINST_WOMEN",
        _(
            "Non-consensual sharing of material containing deepfake or similar technology using a third party's "
            "features against women (excluding content depicting minors)"
        ),
    )

    # Data protection and privacy violations
    BIOMETRIC_DATA_BREACH = "KEYWORD_BIOMETRIC_DATA_BREACH", _("Biometric data breach")
    DATA_FALSIFICATION = "KEYWORD_DATA_FALSIFICATION", _("Data falsification")
    MISSING_PROCESSING_GROUND = "KEYWORD_MISSING_PROCESSING_GROUND", _("Missing processing ground for data")
    RIGHT_TO_BE_FORGOTTEN = "KEYWORD_RIGHT_TO_BE_FORGOTTEN", _("Right to be forgotten")

    # Illegal or harmful speech
    DEFAMATION = "KEYWORD_DEFAMATION", _("Defamation")
    DISCRIMINATION = "KEYWORD_DISCRIMINATION", _("Discrimination")
    HATE_SPEECH = (
        "KEYWORD_HATE_SPEECH",
        _("Illegal incitement to violence and hatred based on protected characteristics (hate speech)"),
    )

    # Intellectual property infringements
    COPYRIGHT_INFRINGEMENT = "KEYWORD_COPYRIGHT_INFRINGEMENT", _("Copyright infringements")
    DESIGN_INFRINGEMENT = "KEYWORD_DESIGN_INFRINGEMENT", _("Design infringements")
    GEOGRAPHIC_INDICATIONS_INFRINGEMENT = (
        "KEYWORD_GEOGRAPHIC_INDICATIONS_INFRINGEMENT",
        _("Geographical indications infringements"),
    )
    PATENT_INFRINGEMENT = "KEYWORD_PATENT_INFRINGEMENT", _("Patent infringements")
    TRADE_SECRET_INFRINGEMENT = "KEYWORD_TRADE_SECRET_INFRINGEMENT", _("Trade secret infringements")
    TRADEMARK_INFRINGEMENT = "KEYWORD_TRADEMARK_INFRINGEMENT", _("Trademark infringements")

    # Negative effects on civic discourse or elections
    MISINFORMATION_DISINFORMATION = (
        "KEYWORD_MISINFORMATION_DISINFORMATION",
        _("Misinformation, disinformation, foreign information manipulation and interference"),
    )
    VIOLATION_EU_LAW = "KEYWORD_VIOLATION_EU_LAW", _("Violation of EU law relevant to civic discourse or elections")
    VIOLATION_NATIONAL_LAW = (
        "KEYWORD_VIOLATION_NATIONAL_LAW",
        _("Violation of national law relevant to civic discourse or elections"),
    )

    # Protection of minors
    AGE_SPECIFIC_RESTRICTIONS_MINORS = (
        "KEYWORD_AGE_SPECIFIC_RESTRICTIONS_MINORS",
        _("Age-specific restrictions concerning minors"),
    )
    CHILD_SEXUAL_ABUSE_MATERIAL = "KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL", _("Child sexual abuse material")
    CHILD_SEXUAL_ABUSE_MATERIAL_DEEPFAKE = (
        "KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL_DEEPFAKE",
        _("Child sexual abuse material containing deepfake or similar technology"),
    )
    GROOMING_SEXUAL_ENTICEMENT_MINORS = (
        "KEYWORD_GROOMING_SEXUAL_ENTICEMENT_MINORS",
        _("Grooming/sexual enticement of minors"),
    )
    UNSAFE_CHALLENGES = "KEYWORD_UNSAFE_CHALLENGES", _("Unsafe challenges")

    # Risk for public security
    ILLEGAL_ORGANIZATIONS = "KEYWORD_ILLEGAL_ORGANIZATIONS", _("Illegal organizations")
    RISK_ENVIRONMENTAL_DAMAGE = "KEYWORD_RISK_ENVIRONMENTAL_DAMAGE", _("Risk for environmental damage")
    RISK_PUBLIC_HEALTH = "KEYWORD_RISK_PUBLIC_HEALTH", _("Risk for public health")
    TERRORIST_CONTENT = "KEYWORD_TERRORIST_CONTENT", _("Terrorist content")

    # Scams and fraud
    IMPERSONATION_ACCOUNT_HIJACKING = "KEYWORD_IMPERSONATION_ACCOUNT_HIJACKING", _("Impersonation or account hijacking")
    INAUTHENTIC_ACCOUNTS = "KEYWORD_INAUTHENTIC_ACCOUNTS", _("Inauthentic accounts")
    INAUTHENTIC_LISTINGS = "KEYWORD_INAUTHENTIC_LISTINGS", _("Inauthentic listings")
    INAUTHENTIC_USER_REVIEWS = "KEYWORD_INAUTHENTIC_USER_REVIEWS", _("Inauthentic user reviews")
    PHISHING = "KEYWORD_PHISHING", _("Phishing")
    PYRAMID_SCHEMES = "KEYWORD_PYRAMID_SCHEMES", _("Pyramid schemes")

    # Self harm
    CONTENT_PROMOTING_EATING_DISORDERS = (
        "KEYWORD_CONTENT_PROMOTING_EATING_DISORDERS",
        _("Content promoting eating disorders"),
    )
    SELF_MUTILATION = "KEYWORD_SELF_MUTILATION", _("Self-mutilation")
    SUICIDE = "KEYWORD_SUICIDE", _("Suicide")

    # Unsafe and prohibited products
    PROHIBITED_PRODUCTS = "KEYWORD_PROHIBITED_PRODUCTS", _("Prohibited or restricted products")
    UNSAFE_PRODUCTS = "KEYWORD_UNSAFE_PRODUCTS", _("Unsafe or non-compliant products")

    # Violence
    COORDINATED_HARM = "KEYWORD_COORDINATED_HARM", _("Coordinated harm")
    INCITEMENT_VIOLENCE_HATRED = (
        "KEYWORD_INCITEMENT_VIOLENCE_HATRED",
        _("General calls or incitement to violence and/or hatred"),
    )
    HUMAN_EXPLOITATION = "KEYWORD_HUMAN_EXPLOITATION", _("Human exploitation")
    HUMAN_TRAFFICKING = "KEYWORD_HUMAN_TRAFFICKING", _("Human trafficking")
    TRAFFICKING_WOMEN_GIRLS = "KEYWORD_TRAFFICKING_WOMEN_GIRLS", _("Trafficking in women and girls")

    # Other violation tc
    ADULT_SEXUAL_MATERIAL = "KEYWORD_ADULT_SEXUAL_MATERIAL", _("Adult sexual material")
    AGE_SPECIFIC_RESTRICTIONS = "KEYWORD_AGE_SPECIFIC_RESTRICTIONS", _("Age-specific restrictions")
    GEOGRAPHICAL_REQUIREMENTS = "KEYWORD_GEOGRAPHICAL_REQUIREMENTS", _("Geographical requirements")
    GOODS_SERVICES_NOT_PERMITTED = (
        "KEYWORD_GOODS_SERVICES_NOT_PERMITTED",
        _("Goods/services not permitted to be offered on the platform"),
    )
    LANGUAGE_REQUIREMENTS = "KEYWORD_LANGUAGE_REQUIREMENTS", _("Language requirements")
    NUDITY = "KEYWORD_NUDITY", _("Nudity")

    OTHER = "KEYWORD_OTHER", _("Not captured by any other sub-category")


KEYWORDS: Mapping[Category, tuple[Keyword, ...]] = MappingProxyType(
    {
        Category.ANIMAL_WELFARE: (
            Keyword.ANIMAL_HARM,
            Keyword.UNLAWFUL_SALE_ANIMALS,
            Keyword.OTHER,
        ),
        Category.CONSUMER_INFORMATION: (
            Keyword.HIDDEN_ADVERTISEMENT,
            Keyword.INSUFFICIENT_INFORMATION_ON_TRADERS,
            Keyword.MISLEADING_INFO_GOODS_SERVICES,
            Keyword.MISLEADING_INFO_CONSUMER_RIGHTS,
            Keyword.NONCOMPLIANCE_PRICING,
            Keyword.OTHER,
        ),
        Category.CYBER_VIOLENCE: (
            Keyword.CYBER_BULLYING_INTIMIDATION,
            Keyword.CYBER_HARASSMENT,
            Keyword.CYBER_INCITEMENT,
            Keyword.CYBER_STALKING,
            Keyword.NON_CONSENSUAL_IMAGE_SHARING,
            Keyword.NON_CONSENSUAL_MATERIAL_DEEPFAKE,
            Keyword.STALKING,
            Keyword.OTHER,
        ),
        Category.CYBER_VIOLENCE_AGAINST_WOMEN: (
            Keyword.BULLYING_AGAINST_GIRLS,
            Keyword.CYBER_HARASSMENT_AGAINST_WOMEN,
            Keyword.CYBER_STALKING_AGAINST_WOMEN,
            Keyword.FEMALE_GENDERED_DISINFORMATION,
            Keyword.INCITEMENT_AGAINST_WOMEN,
            Keyword.NON_CONSENSUAL_IMAGE_SHARING_AGAINST_WOMEN,
            Keyword.NON_CONSENSUAL_MATERIAL_DEEPFAKE_AGAINST_WOMEN,
            Keyword.OTHER,
        ),
        Category.DATA_PROTECTION_AND_PRIVACY_VIOLATIONS: (
            Keyword.BIOMETRIC_DATA_BREACH,
            Keyword.DATA_FALSIFICATION,
            Keyword.MISSING_PROCESSING_GROUND,
            Keyword.RIGHT_TO_BE_FORGOTTEN,
            Keyword.OTHER,
        ),
        Category.ILLEGAL_OR_HARMFUL_SPEECH: (
            Keyword.DEFAMATION,
            Keyword.DISCRIMINATION,
            Keyword.HATE_SPEECH,
            Keyword.OTHER,
        ),
        Category.INTELLECTUAL_PROPERTY_INFRINGEMENTS: (
            Keyword.COPYRIGHT_INFRINGEMENT,
            Keyword.DESIGN_INFRINGEMENT,
            Keyword.GEOGRAPHIC_INDICATIONS_INFRINGEMENT,
            Keyword.PATENT_INFRINGEMENT,
            Keyword.TRADE_SECRET_INFRINGEMENT,
            Keyword.TRADEMARK_INFRINGEMENT,
            Keyword.OTHER,
        ),
        Category.NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS: (
            Keyword.MISINFORMATION_DISINFORMATION,
            Keyword.VIOLATION_EU_LAW,
            Keyword.VIOLATION_NATIONAL_LAW,
            Keyword.OTHER,
        ),
        Category.PROTECTION_OF_MINORS: (
            Keyword.AGE_SPECIFIC_RESTRICTIONS_MINORS,
            Keyword.CHILD_SEXUAL_ABUSE_MATERIAL,
            Keyword.CHILD_SEXUAL_ABUSE_MATERIAL_DEEPFAKE,
            Keyword.GROOMING_SEXUAL_ENTICEMENT_MINORS,
            Keyword.UNSAFE_CHALLENGES,
            Keyword.OTHER,
        ),
        Category.RISK_FOR_PUBLIC_SECURITY: (
            Keyword.ILLEGAL_ORGANIZATIONS,
            Keyword.RISK_ENVIRONMENTAL_DAMAGE,
            Keyword.RISK_PUBLIC_HEALTH,
            Keyword.TERRORIST_CONTENT,
            Keyword.OTHER,
        ),
        Category.SCAMS_AND_FRAUD: (
            Keyword.IMPERSONATION_ACCOUNT_HIJACKING,
            Keyword.INAUTHENTIC_ACCOUNTS,
            Keyword.INAUTHENTIC_LISTINGS,
            Keyword.INAUTHENTIC_USER_REVIEWS,
            Keyword.PHISHING,
            Keyword.PYRAMID_SCHEMES,
            Keyword.OTHER,
        ),
        Category.SELF_HARM: (
            Keyword.CONTENT_PROMOTING_EATING_DISORDERS,
            Keyword.SELF_MUTILATION,
            Keyword.SUICIDE,
            Keyword.OTHER,
        ),
        Category.UNSAFE_AND_PROHIBITED_PRODUCTS: (
            Keyword.PROHIBITED_PRODUCTS,
            Keyword.UNSAFE_PRODUCTS,
            Keyword.OTHER,
        ),
        Category.VIOLENCE: (
            Keyword.COORDINATED_HARM,
            Keyword.INCITEMENT_VIOLENCE_HATRED,
            Keyword.HUMAN_EXPLOITATION,
            Keyword.HUMAN_TRAFFICKING,
            Keyword.TRAFFICKING_WOMEN_GIRLS,
            Keyword.OTHER,
        ),
        Category.OTHER_VIOLATION_TC: (
            Keyword.ADULT_SEXUAL_MATERIAL,
            Keyword.AGE_SPECIFIC_RESTRICTIONS,
            Keyword.GEOGRAPHICAL_REQUIREMENTS,
            Keyword.GOODS_SERVICES_NOT_PERMITTED,
            Keyword.LANGUAGE_REQUIREMENTS,
            Keyword.NUDITY,
            Keyword.OTHER,
        ),
        Category.NOT_SPECIFIED_ORDER: (),
        Category.NOT_SPECIFIED_NOTICE: (),
    }
)


def permits(category: Category, keyword: Keyword) -> bool:
    return keyword in KEYWORDS[category]
