"""Composite foreign keys, as in referrals.0002: a row can only hang on an item of the same two."""

from django.db import migrations


def link(table, column, parent, name):
    return migrations.RunSQL(
        f"ALTER TABLE verification_{table} ADD CONSTRAINT {name} FOREIGN KEY ({column}, sender_id, recipient_id)"
        f" REFERENCES {parent} (id, sender_id, recipient_id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE verification_{table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("verification", "0001_initial"), ("referrals", "0002_envelopes")]
    operations = [
        link("check", "item_id", "referrals_item", "check_of_an_item_of_the_same_two"),
        link("recheck", "item_id", "referrals_item", "recheck_of_an_item_of_the_same_two"),
        link("review", "item_id", "referrals_item", "review_of_an_item_of_the_same_two"),
        link("review", "check_made_id", "verification_check", "review_of_a_check_of_the_same_two"),
    ]
