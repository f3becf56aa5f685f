from django.db import models

from apps.tenancy.classes import Tenancy


class Compilation(models.Model):
    """One run of the count. Figures belong to a run, so that last year's can be shown as they were.

    It and its cells are written in one transaction: whoever reads sees a whole compilation or none.
    """

    tenancy = Tenancy.REFERENCE

    as_of = models.DateTimeField(unique=True)
    definition = models.PositiveSmallIntegerField(help_text="Version of the indicators' definitions it was made for.")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"as of {self.as_of:%Y-%m-%d %H:%M}"
