"""What submitting asks: changed words after a return, seals under the words, signatures on paper, further bodies."""

import cppcc_portal.office.personal
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def name_the_sealed_words(apps, schema_editor):
    """The seals of what was submitted stand under the text that was submitted."""
    collectives = apps.get_model("proposals", "Collective")
    rows = collectives.objects.filter(submitted_at__isnull=False, seal__isnull=False)
    for side in rows.select_related("proposal__current_text"):
        text = side.proposal.current_text
        # Of what was taken out no hash is left; what stands there instead says nothing.
        side.seal_digest = (text.digest if text else "") or str(side.pk)
        side.save(update_fields=["seal_digest"])


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0007_supervision_talks"),
        ("office", "0006_shown_columns"),
        ("proposals", "0015_append_only_meetings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FurtherBody",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "contact_name",
                    models.CharField(blank=True, max_length=30, verbose_name="联系人"),
                ),
                (
                    "contact_phone",
                    cppcc_portal.office.personal.EncryptedTextField(
                        blank=True, verbose_name="联系电话"
                    ),
                ),
                ("seal_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("needs_seal", models.BooleanField(default=False, editable=False)),
                ("submitted_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "left_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="不再联合提出"
                    ),
                ),
            ],
            options={
                "verbose_name": "联合提出的组织",
                "verbose_name_plural": "联合提出的组织",
                "ordering": ["pk"],
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="collective",
            name="seal_digest",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.RunPython(name_the_sealed_words, migrations.RunPython.noop),
        migrations.AddField(
            model_name="proposal",
            name="returned_text",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="proposals.textversion",
            ),
        ),
        migrations.AddField(
            model_name="proposer",
            name="paper",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="office.attachment",
                verbose_name="签名扫描件",
            ),
        ),
        migrations.AlterField(
            model_name="proposer",
            name="status",
            field=models.CharField(
                choices=[
                    ("waiting", "待确认"),
                    ("agreed", "已同意"),
                    ("declined", "不同意"),
                    ("lapsed", "未答复，已过期"),
                    ("cancelled", "邀请已取消"),
                    ("left", "已退出"),
                ],
                default="waiting",
                max_length=12,
                verbose_name="状态",
            ),
        ),
        migrations.AddConstraint(
            model_name="collective",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("submitted_at__isnull", True),
                    ("seal__isnull", True),
                    models.Q(("seal_digest", ""), _negated=True),
                    _connector="OR",
                ),
                name="proposals_collective_seal_is_of_a_text",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["submitted", "reviewing", "filed"]), _negated=True),
                    ("returned_text__isnull", True),
                    models.Q(("current_text", models.F("returned_text")), _negated=True),
                    _connector="OR",
                ),
                name="proposals_returned_text_was_changed",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("paper__isnull", True),
                    models.Q(("membership__isnull", False), ("order__gt", 0)),
                    _connector="OR",
                ),
                name="proposals_paper_is_of_a_cosigner",
            ),
        ),
        migrations.AddField(
            model_name="furtherbody",
            name="body",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="puts_with_others",
                to="members.body",
                verbose_name="联合提出的组织",
            ),
        ),
        migrations.AddField(
            model_name="furtherbody",
            name="kind",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="proposals.proposerkind",
                verbose_name="提案者类别",
            ),
        ),
        migrations.AddField(
            model_name="furtherbody",
            name="proposal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="further_bodies",
                to="proposals.proposal",
            ),
        ),
        migrations.AddField(
            model_name="furtherbody",
            name="seal",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="office.attachment",
                verbose_name="盖章扫描件",
            ),
        ),
        migrations.AddConstraint(
            model_name="furtherbody",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("submitted_at__isnull", True),
                    models.Q(
                        models.Q(("contact_name", ""), _negated=True),
                        models.Q(("needs_seal", False), ("seal__isnull", False), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="proposals_furtherbody_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="furtherbody",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("submitted_at__isnull", True),
                    ("seal__isnull", True),
                    models.Q(("seal_digest", ""), _negated=True),
                    _connector="OR",
                ),
                name="proposals_furtherbody_seal_is_of_a_text",
            ),
        ),
        migrations.AddConstraint(
            model_name="furtherbody",
            constraint=models.UniqueConstraint(
                fields=("proposal", "body"), name="proposals_further_body_once"
            ),
        ),
    ]
