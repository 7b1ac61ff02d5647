"""Instructions can be added to, never changed: triggers of the database refuse."""

from django.db import migrations

from cppcc_portal.office import triggers

TABLES = [
    "office_instruction",
    "office_instructionrelease",
]


def install(apps, schema_editor):
    triggers.install(schema_editor, TABLES)


def remove(apps, schema_editor):
    triggers.remove(schema_editor, TABLES)


class Migration(migrations.Migration):
    dependencies = [("office", "0004_instructions_and_saved_filters")]

    operations = [migrations.RunPython(install, remove)]
