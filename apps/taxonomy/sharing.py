"""Who may know (Traffic Light Protocol 2.0) and what may be done with it (Permissible Actions Protocol)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Tlp(TextChoices):
    """Strictest first. Recipients may raise it; only the originator lowers it."""

    RED = "red", _("TLP:RED – named recipients only")
    AMBER_STRICT = "amber_strict", _("TLP:AMBER+STRICT – the organisation only")
    AMBER = "amber", _("TLP:AMBER – the organisation and its clients who need to know")
    GREEN = "green", _("TLP:GREEN – the community")
    CLEAR = "clear", _("TLP:CLEAR – no limit")

    @property
    def marking(self) -> str:
        """The mark as the standard writes it, the same in every language."""
        return f"TLP:{self.value.upper().replace('_', '+')}"

    def is_stricter_than(self, other: "Tlp") -> bool:
        return _STRICTNESS[self] < _STRICTNESS[other]


class Pap(TextChoices):
    """Strictest first."""

    RED = "red", _("PAP:RED – only actions that cannot be detected")
    AMBER = "amber", _("PAP:AMBER – passive cross-checks")
    GREEN = "green", _("PAP:GREEN – active actions allowed")
    CLEAR = "clear", _("PAP:CLEAR – no limit")

    @property
    def marking(self) -> str:
        return f"PAP:{self.value.upper()}"

    @property
    def allows_address_checks(self) -> bool:
        """Asking the host whether an address is still up tells the host that somebody asked."""
        return self in {Pap.GREEN, Pap.CLEAR}


_STRICTNESS = {tlp: place for place, tlp in enumerate(Tlp)}


def read_tlp(text: str) -> Tlp | None:
    """A mark as other systems write it: `TLP:AMBER+STRICT`, `tlp:white` (the old name of CLEAR), `green`."""
    value = text.strip().lower().removeprefix("tlp:").strip().replace("+", "_")
    try:
        return Tlp("clear" if value == "white" else value)
    except ValueError:
        return None


def read_pap(text: str) -> Pap | None:
    value = text.strip().lower().removeprefix("pap:").strip()
    try:
        return Pap("clear" if value == "white" else value)
    except ValueError:
        return None
