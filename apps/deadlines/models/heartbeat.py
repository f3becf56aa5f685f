from django.db import models

from apps.tenancy.classes import Tenancy


class Heartbeat(models.Model):
    """When something that ought to run by itself last did: a task by its name, or the processes `beat` and `sweeper`.

    Machinery only: no tenant, no person, no reference stands here.
    """

    tenancy = Tenancy.SYSTEM

    name = models.CharField(max_length=80, unique=True)
    expected_since = models.DateTimeField(help_text="Nobody expected a run before.")
    last_started_at = models.DateTimeField(null=True, blank=True)
    last_succeeded_at = models.DateTimeField(null=True, blank=True)
    last_failed_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True, default="", db_default="")
    last_seconds = models.FloatField(null=True, blank=True)
    run_count = models.PositiveBigIntegerField(default=0, db_default=0)
    failure_count = models.PositiveBigIntegerField(default=0, db_default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name


class Backlog(models.Model):
    """What waits to be swept, as counted by whoever watched last. Counts end at a cap: who needs more has a problem.

    Kept, so that a page or a scrape of the figures never looks into tenants' tables itself.
    """

    tenancy = Tenancy.SYSTEM

    name = models.CharField(max_length=80, unique=True)
    waiting = models.PositiveIntegerField()
    oldest_at = models.DateTimeField(null=True, blank=True, help_text="Since when the first of it waits.")
    measured_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.waiting} {self.name}"


class Alarm(models.Model):
    """What one recipient has been told about one thing that is late. One row, however often it happens.

    Told means a mail has left for it in this outage: `told_at` not before `began_at`. `lease_until` keeps other
    processes from writing the same mail meanwhile, and lets them if the one that held it died.
    """

    tenancy = Tenancy.SYSTEM

    subject = models.CharField(max_length=80)
    recipient = models.EmailField()
    began_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["subject", "recipient"], name="alarm_once_per_subject_and_recipient")
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.recipient}"
