"""History lines of plans, topics, research, sessions and outcomes can be added to, never changed."""

from django.db import migrations

from cppcc_portal.office import triggers

TABLES = [
    "consultations_annualplanchange",
    "consultations_topicchange",
    "consultations_researchchange",
    "consultations_sessionchange",
    "consultations_outcomedocumentchange",
    "consultations_recommendationchange",
]


def install(apps, schema_editor):
    triggers.install(schema_editor, TABLES)


def remove(apps, schema_editor):
    triggers.remove(schema_editor, TABLES)


class Migration(migrations.Migration):
    dependencies = [("consultations", "0001_initial"), ("office", "0002_append_only")]

    operations = [migrations.RunPython(install, remove)]
