"""The audit log can be added to, never changed: triggers of the database itself refuse."""

from django.db import migrations

from cppcc_portal.office import triggers

TABLES = ["office_auditevent", "office_auditseal"]


def install(apps, schema_editor):
    triggers.install(schema_editor, TABLES)


def remove(apps, schema_editor):
    triggers.remove(schema_editor, TABLES)


class Migration(migrations.Migration):
    dependencies = [("office", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
