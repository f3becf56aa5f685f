from dataclasses import replace

import pytest

from tests.delivery.postman import open_door

RECIPIENTS = ("night@operations.example", "day@operations.example")


@pytest.fixture
def told(settings):
    """Two people are to be told when something stops; `told(limits={…})` changes how that is judged."""

    def change(**facts):
        settings.WATCH = replace(settings.WATCH, **{"alarm_emails": RECIPIENTS, **facts})

    change()
    return change


@pytest.fixture
def postman(settings):
    """The mail server that the portal hands its mails to."""
    with open_door() as (handler, port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_USE_TLS = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield handler
