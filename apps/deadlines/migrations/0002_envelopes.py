"""The composite foreign key of a chase, as in referrals.0002."""

from django.db import migrations

FORWARDS = """
ALTER TABLE deadlines_chase ADD CONSTRAINT chase_of_an_obligation_of_the_same_two
  FOREIGN KEY (obligation_id, sender_id, recipient_id) REFERENCES referrals_obligation (id, sender_id, recipient_id)
  ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
"""


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0001_initial"), ("referrals", "0002_envelopes")]
    operations = [
        migrations.RunSQL(
            FORWARDS, "ALTER TABLE deadlines_chase DROP CONSTRAINT chase_of_an_obligation_of_the_same_two"
        )
    ]
