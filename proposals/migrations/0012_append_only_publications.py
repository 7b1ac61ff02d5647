"""Public versions, consents and the history of publications can be added to, never changed."""

from django.db import migrations

from cppcc_portal.office import triggers

TABLES = [
    "proposals_publicationchange",
    "proposals_publicationconsent",
    "proposals_publicreply",
    "proposals_publicversion",
]


def install(apps, schema_editor):
    triggers.install(schema_editor, TABLES)


def remove(apps, schema_editor):
    triggers.remove(schema_editor, TABLES)


class Migration(migrations.Migration):
    dependencies = [("proposals", "0011_publications")]

    operations = [migrations.RunPython(install, remove)]
