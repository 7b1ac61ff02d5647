import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from cppcc_portal.office import triggers

TABLES = ["proposals_opinioninvitationchange"]


def install(apps, schema_editor):
    triggers.install(schema_editor, TABLES)


def remove(apps, schema_editor):
    triggers.remove(schema_editor, TABLES)


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0008_report_duty"),
        ("office", "0006_shown_columns"),
        ("proposals", "0018_frozen_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="opiniondispatch",
            name="with_files",
            field=models.BooleanField(default=False, verbose_name="附件一并报送"),
        ),
        migrations.CreateModel(
            name="OpinionInvitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="版本"),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "待确认"),
                            ("agreed", "已同意"),
                            ("declined", "不同意"),
                            ("lapsed", "未及回应"),
                            ("cancelled", "邀请已取消"),
                            ("left", "已退出"),
                        ],
                        default="waiting",
                        editable=False,
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="答复时间"),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinion_invitations",
                        to="members.membership",
                        verbose_name="委员",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="proposals.opinionreport",
                    ),
                ),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="proposals.opiniontext",
                    ),
                ),
            ],
            options={
                "verbose_name": "社情民意共同署名",
                "verbose_name_plural": "社情民意共同署名",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="OpinionInvitationChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("verb", models.CharField(max_length=40, verbose_name="步骤")),
                ("old", models.CharField(max_length=30, verbose_name="原状态")),
                ("new", models.CharField(max_length=30, verbose_name="新状态")),
                ("job", models.CharField(blank=True, max_length=60, verbose_name="自动任务")),
                ("behalf", models.CharField(blank=True, max_length=120, verbose_name="代录对象")),
                ("note", models.TextField(blank=True, verbose_name="说明")),
                ("at", models.DateTimeField(db_index=True, verbose_name="时间")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.decision",
                        verbose_name="会议决定",
                    ),
                ),
                (
                    "scan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="office.attachment",
                        verbose_name="扫描件",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="proposals.opinioninvitation",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="opinioninvitation",
            index=models.Index(fields=["membership", "status"], name="proposals_opinion_invited"),
        ),
        migrations.AddConstraint(
            model_name="opinioninvitation",
            constraint=models.UniqueConstraint(
                fields=("report", "membership"), name="proposals_opinion_invited_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="opinioninvitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["agreed", "declined", "left"]), _negated=True),
                    ("answered_at__isnull", False),
                    _connector="OR",
                ),
                name="proposals_opinion_invitee_answered",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinioninvitationchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("by__isnull", False), ("job", "")),
                    models.Q(("by__isnull", True), models.Q(("job", ""), _negated=True)),
                    _connector="OR",
                ),
                name="proposals_opinioninvitationchange_by_or_job",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinioninvitationchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("behalf", ""), ("scan__isnull", False), _connector="OR"),
                name="proposals_opinioninvitationchange_behalf_has_scan",
            ),
        ),
        migrations.RunPython(install, remove),
    ]
