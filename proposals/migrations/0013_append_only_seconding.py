"""Who seconded a proposal and took it back can be added to, never changed."""

from django.db import migrations

from cppcc_portal.office import triggers

TABLES = ["proposals_secondingchange"]


def install(apps, schema_editor):
    triggers.install(schema_editor, TABLES)


def remove(apps, schema_editor):
    triggers.remove(schema_editor, TABLES)


class Migration(migrations.Migration):
    dependencies = [("proposals", "0012_seconding")]

    operations = [migrations.RunPython(install, remove)]
