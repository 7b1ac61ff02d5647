import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0007_supervision_talks"),
        ("office", "0005_append_only_instructions"),
        ("proposals", "0013_append_only_seconding"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SupervisionMeeting",
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
                            ("planned", "筹备中"),
                            ("notified", "已通知"),
                            ("open", "签到中"),
                            ("held", "已召开"),
                            ("cancelled", "已取消"),
                        ],
                        default="planned",
                        editable=False,
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("presides", models.CharField(max_length=60, verbose_name="主持人")),
                ("agenda", models.TextField(verbose_name="议程和协商的问题")),
                (
                    "notified_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="通知时间"
                    ),
                ),
                ("said", models.TextField(blank=True, verbose_name="会议情况")),
                (
                    "held_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="召开时间"
                    ),
                ),
                (
                    "missing_units",
                    models.CharField(blank=True, max_length=500, verbose_name="没有报告的单位"),
                ),
                (
                    "without_reports",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="没有报告仍然召开的理由"
                    ),
                ),
                (
                    "gathering",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supervision_meeting",
                        to="members.gathering",
                        verbose_name="会议活动",
                    ),
                ),
            ],
            options={
                "verbose_name": "督办协商",
                "verbose_name_plural": "督办协商",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="MeetingResult",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(max_length=500, verbose_name="协商结果")),
                ("who", models.CharField(max_length=60, verbose_name="责任人")),
                ("due_on", models.DateField(verbose_name="完成期限")),
                (
                    "handling",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meeting_results",
                        to="proposals.handling",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="proposals.supervisionmeeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "协商结果",
                "verbose_name_plural": "协商结果",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="MeetingReport",
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
                            ("waiting", "待报告"),
                            ("given", "已报告"),
                            ("lapsed", "不用再报"),
                        ],
                        default="waiting",
                        editable=False,
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="报告期限")),
                ("text", models.TextField(blank=True, verbose_name="办理进展")),
                ("signer", models.CharField(blank=True, max_length=60, verbose_name="报告人")),
                (
                    "given_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="报告时间"
                    ),
                ),
                (
                    "is_entered",
                    models.BooleanField(default=False, editable=False, verbose_name="代录"),
                ),
                (
                    "handling",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meeting_reports",
                        to="proposals.handling",
                        verbose_name="承办",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="proposals.supervisionmeeting",
                        verbose_name="督办协商",
                    ),
                ),
            ],
            options={
                "verbose_name": "进展报告",
                "verbose_name_plural": "进展报告",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="MeetingMatter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meeting_matters",
                        to="proposals.proposal",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matters",
                        to="proposals.supervisionmeeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "协商的提案",
                "verbose_name_plural": "协商的提案",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="SupervisionMeetingChange",
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
                        to="proposals.supervisionmeeting",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MeetingReportChange",
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
                        to="proposals.meetingreport",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by__isnull", False), ("job", "")),
                            models.Q(("by__isnull", True), models.Q(("job", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="proposals_meetingreportchange_by_or_job",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("behalf", ""), ("scan__isnull", False), _connector="OR"
                        ),
                        name="proposals_meetingreportchange_behalf_has_scan",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="supervisionmeeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("presides", ""), _negated=True),
                    models.Q(("agenda", ""), _negated=True),
                ),
                name="proposals_meeting_has_chair_and_agenda",
            ),
        ),
        migrations.AddConstraint(
            model_name="supervisionmeeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["notified", "open", "held"]), _negated=True),
                    ("notified_at__isnull", False),
                    _connector="OR",
                ),
                name="proposals_meeting_was_notified",
            ),
        ),
        migrations.AddConstraint(
            model_name="supervisionmeeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "held"), _negated=True),
                    models.Q(("held_at__isnull", False), models.Q(("said", ""), _negated=True)),
                    _connector="OR",
                ),
                name="proposals_held_meeting_is_recorded",
            ),
        ),
        migrations.AddConstraint(
            model_name="supervisionmeeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "held"), _negated=True),
                    ("missing_units", ""),
                    models.Q(("without_reports", ""), _negated=True),
                    _connector="OR",
                ),
                name="proposals_held_without_reports_says_why",
                violation_error_message="缺少进展报告时，须写明仍然召开的理由。",
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingresult",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("what", ""), _negated=True), models.Q(("who", ""), _negated=True)
                ),
                name="proposals_result_says_what_and_who",
            ),
        ),
        migrations.AddIndex(
            model_name="meetingreport",
            index=models.Index(fields=["status", "due_on"], name="proposals_report_due"),
        ),
        migrations.AddConstraint(
            model_name="meetingreport",
            constraint=models.UniqueConstraint(
                fields=("meeting", "handling"), name="proposals_report_once_a_meeting"
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "given"), _negated=True),
                    models.Q(
                        models.Q(("text", ""), _negated=True),
                        models.Q(("signer", ""), _negated=True),
                        ("given_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="proposals_given_report_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="meetingmatter",
            constraint=models.UniqueConstraint(
                fields=("meeting", "proposal"), name="proposals_matter_once_a_meeting"
            ),
        ),
        migrations.AddConstraint(
            model_name="supervisionmeetingchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("by__isnull", False), ("job", "")),
                    models.Q(("by__isnull", True), models.Q(("job", ""), _negated=True)),
                    _connector="OR",
                ),
                name="proposals_supervisionmeetingchange_by_or_job",
            ),
        ),
        migrations.AddConstraint(
            model_name="supervisionmeetingchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("behalf", ""), ("scan__isnull", False), _connector="OR"),
                name="proposals_supervisionmeetingchange_behalf_has_scan",
            ),
        ),
    ]
