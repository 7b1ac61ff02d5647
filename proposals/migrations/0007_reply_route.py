import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0006_principal_leader"),
        ("office", "0003_append_only_more"),
        ("proposals", "0006_asked_on_paper"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Countersign",
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
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "待会签"),
                            ("agreed", "同意"),
                            ("dissented", "有不同意见"),
                            ("lapsed", "未会签"),
                        ],
                        default="waiting",
                        editable=False,
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("text", models.TextField(verbose_name="送会签的正文")),
                ("digest", models.CharField(max_length=64)),
                ("remark", models.TextField(blank=True, verbose_name="会签意见")),
                (
                    "asked_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="送会签时间"
                    ),
                ),
                ("due_on", models.DateField(verbose_name="会签期限")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="会签时间"),
                ),
            ],
            options={
                "verbose_name": "会签",
                "verbose_name_plural": "会签",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="CountersignChange",
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
            ],
            options={
                "ordering": ["at", "pk"],
                "abstract": False,
            },
        ),
        migrations.AlterModelOptions(
            name="handling",
            options={
                "ordering": ["due_on", "pk"],
                "permissions": [("answer_handling", "办理"), ("check_reply", "审核答复")],
                "verbose_name": "承办",
                "verbose_name_plural": "承办",
            },
        ),
        migrations.RemoveConstraint(
            model_name="handling",
            name="proposals_handled_was_acknowledged",
        ),
        migrations.RemoveIndex(
            model_name="handling",
            name="proposals_handling_is_open",
        ),
        migrations.AddField(
            model_name="handling",
            name="check_due_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="审核期限"),
        ),
        migrations.AddField(
            model_name="reply",
            name="class_reason",
            field=models.CharField(blank=True, max_length=500, verbose_name="更改类别的理由"),
        ),
        migrations.AddField(
            model_name="reply",
            name="given_class",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="proposals.resultclass",
                verbose_name="单位所报类别",
            ),
        ),
        migrations.AddField(
            model_name="reply",
            name="handed_in_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="报审时间"),
        ),
        migrations.AddField(
            model_name="reply",
            name="handed_in_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reply",
            name="signed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="签发时间"),
        ),
        migrations.AddField(
            model_name="reply",
            name="signed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reply",
            name="signed_paper",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="office.attachment",
                verbose_name="已签发的答复函",
            ),
        ),
        migrations.AlterField(
            model_name="handling",
            name="status",
            field=models.CharField(
                choices=[
                    ("waiting", "待签收"),
                    ("acknowledged", "办理中"),
                    ("opinion_given", "会办意见已提交"),
                    ("signing", "待单位签发"),
                    ("signed", "单位已签发"),
                    ("checking", "待督查审核"),
                    ("replied", "已答复"),
                    ("return_asked", "申请退办·待决定"),
                    ("rehanded", "已改办"),
                    ("ended", "已终止"),
                ],
                default="waiting",
                max_length=14,
                verbose_name="状态",
            ),
        ),
        migrations.AddIndex(
            model_name="handling",
            index=models.Index(
                condition=models.Q(
                    ("status__in", ["waiting", "acknowledged", "signing", "return_asked"])
                ),
                fields=["due_on", "id"],
                name="proposals_handling_is_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="handling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["waiting", "return_asked", "rehanded", "ended"]),
                    ("acknowledged_at__isnull", False),
                    _connector="OR",
                ),
                name="proposals_handled_was_acknowledged",
            ),
        ),
        migrations.AddConstraint(
            model_name="handling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["signing", "signed", "checking"]), _negated=True),
                    ("role__in", ["lead", "separate"]),
                    _connector="OR",
                ),
                name="proposals_only_leads_hand_replies_in",
            ),
        ),
        migrations.AddConstraint(
            model_name="handling",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "checking"), _negated=True),
                    ("check_due_on__isnull", False),
                    _connector="OR",
                ),
                name="proposals_check_has_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("given_class__isnull", True),
                    models.Q(("class_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="proposals_changed_class_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("signed_at__isnull", True),
                    ("signed_by__isnull", False),
                    ("signed_paper__isnull", False),
                    _connector="OR",
                ),
                name="proposals_signed_by_somebody",
            ),
        ),
        migrations.AddField(
            model_name="countersign",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="送会签人",
            ),
        ),
        migrations.AddField(
            model_name="countersign",
            name="handling",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="countersigns",
                to="proposals.handling",
                verbose_name="会办单位的承办",
            ),
        ),
        migrations.AddField(
            model_name="countersign",
            name="reply",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="countersigns",
                to="proposals.reply",
                verbose_name="答复稿",
            ),
        ),
        migrations.AddField(
            model_name="countersign",
            name="result_class",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="proposals.resultclass",
                verbose_name="拟定类别",
            ),
        ),
        migrations.AddField(
            model_name="countersignchange",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="经办人",
            ),
        ),
        migrations.AddField(
            model_name="countersignchange",
            name="decision",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="office.decision",
                verbose_name="会议决定",
            ),
        ),
        migrations.AddField(
            model_name="countersignchange",
            name="scan",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="office.attachment",
                verbose_name="扫描件",
            ),
        ),
        migrations.AddField(
            model_name="countersignchange",
            name="subject",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="changes",
                to="proposals.countersign",
            ),
        ),
        migrations.AddIndex(
            model_name="countersign",
            index=models.Index(fields=["status", "due_on"], name="proposals_countersign_due"),
        ),
        migrations.AddConstraint(
            model_name="countersign",
            constraint=models.UniqueConstraint(
                fields=("reply", "handling", "digest"), name="proposals_countersign_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="countersign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "dissented"), _negated=True),
                    models.Q(("remark", ""), _negated=True),
                    _connector="OR",
                ),
                name="proposals_dissent_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="countersign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["agreed", "dissented"]), _negated=True),
                    ("answered_at__isnull", False),
                    _connector="OR",
                ),
                name="proposals_countersign_answered",
            ),
        ),
        migrations.AddConstraint(
            model_name="countersignchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("by__isnull", False), ("job", "")),
                    models.Q(("by__isnull", True), models.Q(("job", ""), _negated=True)),
                    _connector="OR",
                ),
                name="proposals_countersignchange_by_or_job",
            ),
        ),
        migrations.AddConstraint(
            model_name="countersignchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("behalf", ""), ("scan__isnull", False), _connector="OR"),
                name="proposals_countersignchange_behalf_has_scan",
            ),
        ),
    ]
