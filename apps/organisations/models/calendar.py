from datetime import time

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from apps.organisations.models.organisation import Organisation
from apps.tenancy.classes import Tenancy

WEEKDAYS = [1, 2, 3, 4, 5]


def weekdays() -> list[int]:
    return list(WEEKDAYS)


class Calendar(models.Model):
    """When an organisation works, and when it is not to be disturbed. Its own administrators keep it.

    Obligations take a copy of what they need when they start, so that an edit changes no clock that runs. An
    organisation without a row has Monday to Friday and the public holidays of its country.
    """

    tenancy = Tenancy.DIRECTORY

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="calendar")
    subdivision = models.CharField(
        max_length=6, blank=True, default="", help_text="ISO 3166-2 without the country, where holidays differ: BY."
    )
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=weekdays, help_text="1 is Monday, 7 is Sunday.")
    opens = models.TimeField(default=time(9))
    closes = models.TimeField(default=time(17))
    closed_on = ArrayField(models.DateField(), default=list, blank=True, help_text="Closed besides public holidays.")
    quiet_from = models.TimeField(default=time(20), help_text="No reminders from then on, except the most urgent.")
    quiet_until = models.TimeField(default=time(7))
    updated_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="calendar_works_on_some_weekday",
                condition=Q(weekdays__contained_by=[1, 2, 3, 4, 5, 6, 7]) & Q(weekdays__len__gt=0),
            ),
            models.CheckConstraint(name="calendar_opens_before_it_closes", condition=Q(opens__lt=F("closes"))),
        ]

    def __str__(self) -> str:
        return f"Calendar of {self.organisation_id}"
