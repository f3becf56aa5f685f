from celery import shared_task

from apps.accounts import password_mail


@shared_task(name="accounts.send_password_link", ignore_result=True)
def send_password_link(*, user_id: int, language: str, **_: object) -> None:
    password_mail.send_password_link(user_id=user_id, language=language)
