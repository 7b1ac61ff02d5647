"""Earlier ratings and what follows a reply can be added to, never changed."""

from django.db import migrations

from cppcc_portal.office import triggers

TABLES = [
    "proposals_earlierrating",
    "proposals_followup",
    "proposals_progressnote",
]


def install(apps, schema_editor):
    triggers.install(schema_editor, TABLES)


def remove(apps, schema_editor):
    triggers.remove(schema_editor, TABLES)


class Migration(migrations.Migration):
    dependencies = [("proposals", "0009_ratings_and_follow_up")]

    operations = [migrations.RunPython(install, remove)]
