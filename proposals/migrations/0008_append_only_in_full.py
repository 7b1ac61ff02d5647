"""Opinions, logs, public versions, consents, issues and every history line can be added to, never changed."""

from django.db import migrations

from cppcc_portal.office import triggers

TABLES = [
    "proposals_countersignchange",
    "proposals_supervisionentry",
    "proposals_keymarkchange",
    "proposals_awardchange",
    "proposals_publicationchange",
    "proposals_publicationconsent",
    "proposals_publicreply",
    "proposals_publicversion",
    "proposals_reviewopinion",
    "proposals_reviewopinion_joint",
    "proposals_filinglistchange",
    "proposals_unitconsultationchange",
    "proposals_opiniontext",
    "proposals_bulletin",
    "proposals_adoptionrecord",
    "proposals_opinionreportchange",
    "proposals_opiniondispatchchange",
    "proposals_proposalimportchange",
]


def install(apps, schema_editor):
    triggers.install(schema_editor, TABLES)


def remove(apps, schema_editor):
    triggers.remove(schema_editor, TABLES)


class Migration(migrations.Migration):
    dependencies = [("proposals", "0007_proposals_in_full")]

    operations = [migrations.RunPython(install, remove)]
