"""Who is told when something stops running, when it counts as stopped, and who may read the figures."""

from dataclasses import dataclass, field

from environs import Env


@dataclass(frozen=True, slots=True)
class Watch:
    """A thing is late `factor` times its interval and `margin` seconds after its last success; `limits` by name."""

    alarm_emails: tuple[str, ...] = ()
    factor: float = 3.0
    margin: float = 60.0
    limits: dict[str, int] = field(default_factory=dict)
    metrics_token: str = ""
    metrics_from: tuple[str, ...] = ()


def watch_for(env: Env) -> Watch:
    return Watch(
        alarm_emails=tuple(env.list("ALARM_EMAILS", default=[])),
        factor=env.float("ALARM_FACTOR", default=3.0),
        margin=env.float("ALARM_MARGIN_SECONDS", default=60.0),
        limits=env.dict("ALARM_LIMITS", default={}, subcast_values=int),  # deadlines.chase=300,outbox=900
        metrics_token=env.str("METRICS_TOKEN", default=""),
        metrics_from=tuple(env.list("METRICS_FROM", default=[])),  # networks: 127.0.0.1/32,10.0.0.0/8
    )
