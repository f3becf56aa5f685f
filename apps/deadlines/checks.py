from ipaddress import ip_network

from django.conf import settings
from django.core import checks

SHORTEST_TOKEN = 20


def who_may_scrape(**_: object) -> list[checks.CheckMessage]:
    """The figures name no tenant, but tell how well the house is guarded."""
    watch = settings.WATCH
    if not watch.metrics_token and not watch.metrics_from:
        text = "Nobody may read /metrics: it answers 404."
        return [checks.Info(text, hint="Set METRICS_TOKEN or METRICS_FROM to scrape it.", id="deadlines.I001")]
    found: list[checks.CheckMessage] = []
    if watch.metrics_token and len(watch.metrics_token) < SHORTEST_TOKEN:
        hint = "Use 20 random characters or more."
        found.append(checks.Error("METRICS_TOKEN can be guessed.", hint=hint, id="deadlines.E001"))
    for network in watch.metrics_from:
        found.extend(_network(network))
    return found


def _network(text: str) -> list[checks.CheckMessage]:
    try:
        network = ip_network(text)
    except ValueError:
        return [checks.Error(f"METRICS_FROM names {text!r}, which is no network.", id="deadlines.E002")]
    if network.prefixlen:
        return []
    return [checks.Error("METRICS_FROM lets the whole internet read /metrics.", id="deadlines.E003")]


def somebody_is_told(**_: object) -> list[checks.CheckMessage]:
    """Reminders that silently stop are what this portal exists to prevent."""
    if settings.WATCH.alarm_emails:
        return []
    hint = "Set ALARM_EMAILS to the addresses of whoever runs this."
    return [checks.Info("Nobody is told when something stops running.", hint=hint, id="deadlines.I002")]
