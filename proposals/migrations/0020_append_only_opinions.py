"""Texts, issues, adoptions and history lines of reports can be added to, never changed."""

from django.db import migrations

from cppcc_portal.office import triggers

TABLES = [
    "proposals_opiniontext",
    "proposals_bulletin",
    "proposals_adoptionrecord",
    "proposals_opinionreportchange",
    "proposals_opiniondispatchchange",
]


def install(apps, schema_editor):
    triggers.install(schema_editor, TABLES)


def remove(apps, schema_editor):
    triggers.remove(schema_editor, TABLES)


class Migration(migrations.Migration):
    dependencies = [("proposals", "0019_opinion_reports")]

    operations = [migrations.RunPython(install, remove)]
