"""The supervision log and the histories of key marks and awards can be added to, never changed."""

from django.db import migrations

from cppcc_portal.office import triggers

TABLES = [
    "proposals_supervisionentry",
    "proposals_keymarkchange",
    "proposals_awardchange",
]


def install(apps, schema_editor):
    triggers.install(schema_editor, TABLES)


def remove(apps, schema_editor):
    triggers.remove(schema_editor, TABLES)


class Migration(migrations.Migration):
    dependencies = [("proposals", "0009_key_proposals_awards_archive")]

    operations = [migrations.RunPython(install, remove)]
