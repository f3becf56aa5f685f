from django.utils.translation import gettext_lazy as _

from apps.core.errors import Refused


class TooManyRows(Refused):
    """`facts`: the `limit` of the call, and the `count` that came."""

    code = "too_many_rows"
    message = _("The list is longer than this call takes; see `limit`. Send it in several requests.")
