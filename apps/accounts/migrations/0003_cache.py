"""The database cache: rate limits of signing in live in it, so that no flushed broker forgives a guess."""

from django.core.management import call_command
from django.db import migrations

GRANT = "GRANT SELECT, INSERT, UPDATE, DELETE ON django_cache TO portal_web, portal_worker, portal_sys"


def create_table(apps, schema_editor):
    call_command("createcachetable", "django_cache", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_lookups"), ("tenancy", "0001_context")]
    operations = [
        migrations.RunPython(create_table, migrations.RunPython.noop),
        migrations.RunSQL(GRANT, "DROP TABLE django_cache"),
    ]
