"""History lines of imports can be added to, never changed."""

from django.db import migrations

from cppcc_portal.office import triggers

TABLES = ["proposals_proposalimportchange"]


def install(apps, schema_editor):
    triggers.install(schema_editor, TABLES)


def remove(apps, schema_editor):
    triggers.remove(schema_editor, TABLES)


class Migration(migrations.Migration):
    dependencies = [("proposals", "0022_proposal_imports")]

    operations = [migrations.RunPython(install, remove)]
