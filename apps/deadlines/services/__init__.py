"""What happens because time passes."""

from apps.deadlines.services.chasing import chase_overdue

__all__ = ["chase_overdue"]
