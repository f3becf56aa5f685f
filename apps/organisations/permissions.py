from django.db import models
from django.utils.translation import gettext_lazy as _


class Permission(models.TextChoices):
    """Verbs on an organisation. Roles hold them, guardian stores the projection, `access_*` asks."""

    VIEW_REFERRALS = "view_referrals", _("See referrals")
    FILE_REFERRALS = "file_referrals", _("Draft, submit and withdraw referrals")
    APPROVE_REFERRALS = "approve_referrals", _("Approve or return referrals")
    ANSWER_REFERRALS = "answer_referrals", _("Acknowledge and answer referrals")
    VIEW_STATISTICS = "view_statistics", _("See the organisation's own figures")
    OVERSEE_STATISTICS = "oversee_statistics", _("See the figures of all organisations")
    MANAGE_MEMBERS = "manage_members", _("Invite people, change roles, revoke tokens")
    MANAGE_WEBHOOKS = "manage_webhooks", _("Set up webhooks, send messages again")
    MANAGE_POLICIES = "manage_policies", _("Set targets and the ladder of reminders")
    VIEW_AUDIT = "view_audit", _("Read the audit log")
