from apps.accounts.models import User
from apps.organisations.models import Calendar, Organisation
from apps.referrals.models import Policy, Target
from tests.factories.referrals import MONDAY


def set_policy(owner: Organisation, *, author: User, note: str) -> None:
    """Rules that counterparts read as well, with their note; who made them is told to the owner's own people alone."""
    policy = Policy.objects.create(organisation=owner, version=1, note=note, created_at=MONDAY, created_by_id=author.pk)
    Target.objects.create(organisation=owner, policy=policy, urgency="day", amount=2, unit="working_days")
    Calendar.objects.create(organisation=owner, closed_on=[MONDAY.date()], updated_at=MONDAY)
