from apps.deadlines.models.chase import Chase, Rung
from apps.deadlines.models.heartbeat import Alarm, Backlog, Heartbeat

__all__ = ["Alarm", "Backlog", "Chase", "Heartbeat", "Rung"]
