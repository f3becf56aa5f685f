"""Composite foreign keys: a row can only hang on a parent of the same sender and recipient.

A plain key to the parent's id would accept an invisible parent and refuse a missing one, and so tell which exist.
"""

from django.db import migrations


def link(table, column, parent, name, columns=("sender_id", "recipient_id"), parent_columns=None, on_delete="CASCADE"):
    mine = ", ".join((column, *columns))
    theirs = ", ".join(("id", *(parent_columns or columns)))
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({mine}) REFERENCES {parent} ({theirs})"
        f" ON DELETE {on_delete} DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial"), ("tenancy", "0001_context")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE referrals_case ADD CONSTRAINT case_is_of_its_organisation UNIQUE (id, organisation_id)",
            "ALTER TABLE referrals_case DROP CONSTRAINT case_is_of_its_organisation",
        ),
        link("referrals_referral", "case_id", "referrals_case", "referral_in_a_case_of_its_sender",
             columns=("sender_id",), parent_columns=("organisation_id",), on_delete="RESTRICT"),
        link("referrals_item", "referral_id", "referrals_referral", "item_in_a_referral_of_the_same_two"),
        link("referrals_event", "referral_id", "referrals_referral", "event_of_a_referral_of_the_same_two"),
        link("referrals_event", "item_id", "referrals_item", "event_of_an_item_of_the_same_two"),
        link("referrals_obligation", "referral_id", "referrals_referral", "obligation_of_a_referral_of_the_same_two"),
        link("referrals_decision", "item_id", "referrals_item", "decision_on_an_item_of_the_same_two"),
    ]
