from apps.deadlines.models.announcement import Announcement
from apps.deadlines.models.chase import Chase, Rung
from apps.deadlines.models.escalation import Age, Escalation
from apps.deadlines.models.heartbeat import Alarm, Backlog, Heartbeat

__all__ = ["Age", "Alarm", "Announcement", "Backlog", "Chase", "Escalation", "Heartbeat", "Rung"]
