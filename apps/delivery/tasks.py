from celery import shared_task
from django.utils import timezone

from apps.delivery import services
from apps.delivery.services import probing
from apps.delivery.services.inbound import read_pending


@shared_task(name="delivery.deliver_pending")
def deliver_pending(**_: object) -> int:
    return services.deliver_pending(at=timezone.now())


@shared_task(name="delivery.knock_pending")
def knock_pending(**_: object) -> int:
    return services.knock_pending(at=timezone.now())


@shared_task(name="delivery.read_mail")
def read_mail(**_: object) -> int:
    return read_pending(at=timezone.now())


@shared_task(name="delivery.probe_contacts")
def probe_contacts(**_: object) -> int:
    return probing.probe_contacts(at=timezone.now())


@shared_task(name="delivery.tell_of_broken")
def tell_of_broken(**_: object) -> int:
    return services.tell_of_broken(at=timezone.now())
