"""Results of consultations, and the history of consultations and reports, can be added to, never changed."""

from django.db import migrations

from cppcc_portal.office import triggers

TABLES = [
    "proposals_supervisionmeetingchange",
    "proposals_meetingreportchange",
    "proposals_meetingresult",
]


def install(apps, schema_editor):
    triggers.install(schema_editor, TABLES)


def remove(apps, schema_editor):
    triggers.remove(schema_editor, TABLES)


class Migration(migrations.Migration):
    dependencies = [("proposals", "0014_supervision_meetings")]

    operations = [migrations.RunPython(install, remove)]
