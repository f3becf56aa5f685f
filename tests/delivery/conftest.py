import pytest
from django.utils import timezone

from apps.delivery.models import Channel, Delivery
from tests.delivery.postman import open_door
from tests.factories import PlatformFactory, ReferralUnitFactory


@pytest.fixture
def unit():
    return ReferralUnitFactory(name="Northern Unit", slug="northern-unit")


@pytest.fixture
def platform():
    return PlatformFactory(slug="streamhub")


@pytest.fixture
def hook(httpserver):
    """The address of a receiver that nobody has taught an answer yet."""
    return httpserver.url_for("/hook")


@pytest.fixture
def message(unit, platform):
    """`message()` is a referral on its way to the platform; `message(attempts=3)` has been tried before."""

    def make(number=1, **fields):
        now = timezone.now()
        facts = {"from": "Northern Unit", "instrument": "referral", "items": 2, "urgency": "day", "secret": "no"}
        about = f"R-TEST-{number:05}"
        usual = {
            "sender": unit,
            "recipient": platform,
            "message": "referral_sent",
            "channel": Channel.WEBHOOK,
            "state": "sending",
            "attempts": 1,
            "tries": 1,
            "next_at": now,
            "created_at": now,
        }
        row = Delivery.objects.create(key=f"{about}:sent:push", about=about, facts=facts, **{**usual, **fields})
        row.refresh_from_db()
        return row

    return make


@pytest.fixture
def postman(settings):
    """The mail server that the portal hands its mails to."""
    with open_door() as (handler, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_USE_TLS = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield handler
