from django.apps import AppConfig


class FloorConfig(AppConfig):
    """Floor F of perf.md: what Django and REST framework cost for one durable referral with nothing else to do."""

    name = "tests.bench.floor"
    label = "floor"
