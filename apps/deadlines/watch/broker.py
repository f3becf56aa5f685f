"""How much the broker holds. It may be away: that is told, and nothing else happens."""

from dataclasses import dataclass

import redis
import structlog
from django.conf import settings

PATIENCE_SECONDS = 0.5
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Broker:
    """`depths`: messages by queue, and those that workers hold (`unacked`). Empty where it does not answer."""

    answers: bool
    depths: dict[str, int]


def queue_names() -> list[str]:
    """The queues that tasks are sent to."""
    routes = settings.CELERY_TASK_ROUTES.values()
    return sorted({settings.CELERY_TASK_DEFAULT_QUEUE, *(str(route["queue"]) for route in routes)})


def ask_broker() -> Broker:
    names = queue_names()
    client = redis.Redis.from_url(
        settings.CELERY_BROKER_URL, socket_connect_timeout=PATIENCE_SECONDS, socket_timeout=PATIENCE_SECONDS
    )
    try:
        with client.pipeline(transaction=False) as pipe:
            for name in names:
                pipe.llen(name)
            pipe.hlen("unacked")
            counts = pipe.execute()
    except (redis.RedisError, OSError) as problem:
        log.warning("broker.away", problem=type(problem).__name__)
        return Broker(answers=False, depths={})
    finally:
        client.close()
    return Broker(answers=True, depths=dict(zip([*names, "unacked"], map(int, counts), strict=True)))
