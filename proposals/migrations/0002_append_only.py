"""Frozen texts and history lines can be added to, never changed: triggers of the database refuse."""

from django.db import migrations

from cppcc_portal.office import triggers

TABLES = [
    "proposals_textversion",
    "proposals_proposalchange",
    "proposals_proposerchange",
    "proposals_handlingchange",
    "proposals_evaluationchange",
    "proposals_rehandlingchange",
]


def install(apps, schema_editor):
    triggers.install(schema_editor, TABLES)


def remove(apps, schema_editor):
    triggers.remove(schema_editor, TABLES)


class Migration(migrations.Migration):
    dependencies = [("proposals", "0001_initial"), ("office", "0002_append_only")]

    operations = [migrations.RunPython(install, remove)]
