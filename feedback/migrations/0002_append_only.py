"""History lines of adoptions and look-backs can be added to, never changed."""

from django.db import migrations

from cppcc_portal.office import triggers

TABLES = ["feedback_adoptionchange", "feedback_lookbackchange"]


def install(apps, schema_editor):
    triggers.install(schema_editor, TABLES)


def remove(apps, schema_editor):
    triggers.remove(schema_editor, TABLES)


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_initial"), ("office", "0002_append_only")]

    operations = [migrations.RunPython(install, remove)]
