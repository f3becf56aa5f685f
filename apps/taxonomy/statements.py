"""What a statement of reasons names besides the restriction; codes as the Transparency Database writes them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DecisionGround(TextChoices):
    ILLEGAL_CONTENT = "DECISION_GROUND_ILLEGAL_CONTENT", _("Illegal content")
    INCOMPATIBLE_CONTENT = (
        "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        _("Content incompatible with terms and conditions"),
    )


class ContentType(TextChoices):
    APP = "CONTENT_TYPE_APP", _("App")
    AUDIO = "CONTENT_TYPE_AUDIO", _("Audio")
    IMAGE = "CONTENT_TYPE_IMAGE", _("Image")
    PRODUCT = "CONTENT_TYPE_PRODUCT", _("Product")
    SYNTHETIC_MEDIA = "CONTENT_TYPE_SYNTHETIC_MEDIA", _("Synthetic media")
    TEXT = "CONTENT_TYPE_TEXT", _("Text")
    VIDEO = "CONTENT_TYPE_VIDEO", _("Video")
    OTHER = "CONTENT_TYPE_OTHER", _("Other")


class SourceType(TextChoices):
    ARTICLE_16 = "SOURCE_ARTICLE_16", _("Notice submitted in accordance with Article 16 DSA")
    TRUSTED_FLAGGER = "SOURCE_TRUSTED_FLAGGER", _("Notice submitted by a trusted flagger")
    OTHER_NOTIFICATION = "SOURCE_TYPE_OTHER_NOTIFICATION", _("Other type of notification")
    VOLUNTARY = "SOURCE_VOLUNTARY", _("Own voluntary initiative")


class AutomatedDecision(TextChoices):
    FULLY = "AUTOMATED_DECISION_FULLY", _("Fully automated")
    PARTIALLY = "AUTOMATED_DECISION_PARTIALLY", _("Partially automated")
    NOT_AUTOMATED = "AUTOMATED_DECISION_NOT_AUTOMATED", _("Not automated")


class AccountType(TextChoices):
    BUSINESS = "ACCOUNT_TYPE_BUSINESS", _("Business")
    PRIVATE = "ACCOUNT_TYPE_PRIVATE", _("Private")
