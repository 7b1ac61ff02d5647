"""History lines of invitations, duty records, commitments and roster imports can be added to, never changed."""

from django.db import migrations

from cppcc_portal.office import triggers

TABLES = [
    "members_invitationchange",
    "members_dutyrecordchange",
    "members_commitmentchange",
    "members_rosterimportchange",
]


def install(apps, schema_editor):
    triggers.install(schema_editor, TABLES)


def remove(apps, schema_editor):
    triggers.remove(schema_editor, TABLES)


class Migration(migrations.Migration):
    dependencies = [("members", "0004_duty_and_gatherings"), ("office", "0002_append_only")]

    operations = [migrations.RunPython(install, remove)]
