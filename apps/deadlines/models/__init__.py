from apps.deadlines.models.chase import Chase, Rung

__all__ = ["Chase", "Rung"]
