"""The four families of restrictions (Reg. (EU) 2022/2065 Art 17(1)), codes as the Transparency Database writes them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class VisibilityRestriction(TextChoices):
    REMOVED = "DECISION_VISIBILITY_CONTENT_REMOVED", _("Removal of content")
    DISABLED = "DECISION_VISIBILITY_CONTENT_DISABLED", _("Disabling access to content")
    DEMOTED = "DECISION_VISIBILITY_CONTENT_DEMOTED", _("Demotion of content")
    AGE_RESTRICTED = "DECISION_VISIBILITY_CONTENT_AGE_RESTRICTED", _("Age-restricted content")
    INTERACTION_RESTRICTED = (
        "DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED",
        _("Restricted interaction with content"),
    )
    LABELLED = "DECISION_VISIBILITY_CONTENT_LABELLED", _("Labelled content")
    OTHER = "DECISION_VISIBILITY_OTHER", _("Other restriction of visibility")


class MonetaryRestriction(TextChoices):
    SUSPENSION = "DECISION_MONETARY_SUSPENSION", _("Suspension of monetary payments")
    TERMINATION = "DECISION_MONETARY_TERMINATION", _("Termination of monetary payments")
    OTHER = "DECISION_MONETARY_OTHER", _("Other restriction of monetary payments")


class ProvisionRestriction(TextChoices):
    PARTIAL_SUSPENSION = "DECISION_PROVISION_PARTIAL_SUSPENSION", _("Partial suspension of the service")
    TOTAL_SUSPENSION = "DECISION_PROVISION_TOTAL_SUSPENSION", _("Total suspension of the service")
    PARTIAL_TERMINATION = "DECISION_PROVISION_PARTIAL_TERMINATION", _("Partial termination of the service")
    TOTAL_TERMINATION = "DECISION_PROVISION_TOTAL_TERMINATION", _("Total termination of the service")


class AccountRestriction(TextChoices):
    SUSPENDED = "DECISION_ACCOUNT_SUSPENDED", _("Suspension of the account")
    TERMINATED = "DECISION_ACCOUNT_TERMINATED", _("Termination of the account")
