"""What runs by the clock. `tests/architecture` checks that every name here is a registered task.

Every entry is a sweep: it finds work by state in the database, so a missed or doubled beat changes nothing.
"""

from datetime import timedelta

SCHEDULE = {
    "deliver what is pending": {"task": "delivery.deliver_pending", "schedule": timedelta(seconds=30)},
    "challenge and test endpoints": {"task": "delivery.knock_pending", "schedule": timedelta(seconds=30)},
    "tell of broken endpoints": {"task": "delivery.tell_of_broken", "schedule": timedelta(minutes=1)},
    "start the clocks of what was received": {"task": "referrals.start_clocks", "schedule": timedelta(minutes=1)},
    "file statements of reasons, once a night": {
        "task": "referrals.file_statements",
        "schedule": timedelta(minutes=15),
    },
    "climb the ladder of reminders": {"task": "deadlines.chase", "schedule": timedelta(minutes=1)},
    "read the mail that nobody has read": {"task": "delivery.read_mail", "schedule": timedelta(minutes=1)},
    "find the replies in it": {"task": "referrals.collect_replies", "schedule": timedelta(minutes=1)},
    "ask contact points once a month": {"task": "delivery.probe_contacts", "schedule": timedelta(hours=1)},
    "look at claimed removals": {"task": "verification.check_due", "schedule": timedelta(minutes=1)},
    "watch that all of this runs": {"task": "deadlines.watch", "schedule": timedelta(minutes=1)},
    "count the figures": {"task": "statistics.refresh", "schedule": timedelta(minutes=5)},
}
