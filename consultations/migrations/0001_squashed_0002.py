import cppcc_portal.office.squashing
from cppcc_portal.office import triggers
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models


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
    replaces = [("consultations", "0001_initial"), ("consultations", "0002_append_only")]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("members", "0004_duty_and_gatherings"),
        ("members", "__first__"),
        ("office", "0002_append_only"),
    ]

    operations = [
        cppcc_portal.office.squashing.CreateModels(
            models=[
                migrations.CreateModel(
                    name="DeclineReason",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("code", models.SlugField(max_length=40, unique=True, verbose_name="代码")),
                        ("name", models.CharField(max_length=60, verbose_name="名称")),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                        ("active", models.BooleanField(default=True, verbose_name="启用")),
                    ],
                    options={
                        "verbose_name": "不采用理由",
                        "verbose_name_plural": "不采用理由",
                        "ordering": ["order", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Finding",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(verbose_name="序号")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("fact", "基本情况"),
                                    ("done", "已有做法"),
                                    ("problem", "存在问题"),
                                    ("cause", "原因分析"),
                                ],
                                default="problem",
                                max_length=8,
                                verbose_name="种类",
                            ),
                        ),
                        ("text", models.TextField(verbose_name="内容")),
                        (
                            "research",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="findings",
                                to="consultations.research",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "调研发现",
                        "verbose_name_plural": "调研发现",
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("research", "number"), name="consultations_finding_number"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True),
                                name="consultations_finding_has_text",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AnnualPlan",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "version",
                            models.PositiveIntegerField(
                                default=0, editable=False, verbose_name="版本"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "year",
                            models.PositiveSmallIntegerField(unique=True, verbose_name="年度"),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("collecting", "征集中"),
                                    ("drafting", "起草中"),
                                    ("approving", "报批中"),
                                    ("issued", "已印发"),
                                    ("closed", "已总结"),
                                ],
                                default="collecting",
                                editable=False,
                                max_length=12,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "document_number",
                            models.CharField(blank=True, max_length=60, verbose_name="印发文号"),
                        ),
                        (
                            "approval",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="office.decision",
                                verbose_name="批准决定",
                            ),
                        ),
                        (
                            "route_decision",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="office.decision",
                                verbose_name="改变程序的决定",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "年度协商计划",
                        "verbose_name_plural": "年度协商计划",
                        "ordering": ["-year"],
                        "permissions": [
                            ("plan_topics", "编制年度协商计划"),
                            ("close_plan", "总结年度协商计划"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status__in", ["issued", "closed"]), _negated=True),
                                    models.Q(
                                        ("approval__isnull", False),
                                        models.Q(("document_number", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="consultations_issued_plan_is_approved",
                                violation_error_message="没有批准决定和文号的计划不能印发。",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AnnualPlanChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("verb", models.CharField(max_length=40, verbose_name="步骤")),
                        ("old", models.CharField(max_length=30, verbose_name="原状态")),
                        ("new", models.CharField(max_length=30, verbose_name="新状态")),
                        (
                            "job",
                            models.CharField(blank=True, max_length=60, verbose_name="自动任务"),
                        ),
                        (
                            "behalf",
                            models.CharField(blank=True, max_length=120, verbose_name="代录对象"),
                        ),
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
                                to="consultations.annualplan",
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
                                    models.Q(
                                        ("by__isnull", True), models.Q(("job", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="consultations_annualplanchange_by_or_job",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                ),
                                name="consultations_annualplanchange_behalf_has_scan",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalDeclineReason",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("code", models.SlugField(max_length=40, verbose_name="代码")),
                        ("name", models.CharField(max_length=60, verbose_name="名称")),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                        ("active", models.BooleanField(default=True, verbose_name="启用")),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical 不采用理由",
                        "verbose_name_plural": "historical 不采用理由",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalSessionForm",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        ("code", models.SlugField(max_length=40, verbose_name="代码")),
                        ("name", models.CharField(max_length=40, verbose_name="名称")),
                        (
                            "research_required",
                            models.BooleanField(default=True, verbose_name="须先调研"),
                        ),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                        ("active", models.BooleanField(default=True, verbose_name="启用")),
                        ("history_id", models.AutoField(primary_key=True, serialize=False)),
                        ("history_date", models.DateTimeField(db_index=True)),
                        ("history_change_reason", models.CharField(max_length=100, null=True)),
                        (
                            "history_type",
                            models.CharField(
                                choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")],
                                max_length=1,
                            ),
                        ),
                        (
                            "exempted_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                help_text="“不调研不协商”：只有凭会议决定才能取消这一要求。",
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="office.decision",
                                verbose_name="免除调研的会议决定",
                            ),
                        ),
                        (
                            "history_user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical 协商形式",
                        "verbose_name_plural": "historical 协商形式",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="OutcomeDocument",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "version",
                            models.PositiveIntegerField(
                                default=0, editable=False, verbose_name="版本"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("report", "协商报告"),
                                    ("proposal", "建议案"),
                                    ("bulletin", "协商专报"),
                                    ("minutes", "纪要"),
                                ],
                                default="bulletin",
                                max_length=10,
                                verbose_name="种类",
                            ),
                        ),
                        ("title", models.CharField(max_length=120, verbose_name="标题")),
                        ("text", models.TextField(blank=True, verbose_name="内容")),
                        (
                            "document_number",
                            models.CharField(blank=True, max_length=60, verbose_name="文号"),
                        ),
                        (
                            "submitted_on",
                            models.DateField(
                                blank=True, editable=False, null=True, verbose_name="报送日期"
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("draft", "起草中"), ("submitted", "已报送")],
                                default="draft",
                                editable=False,
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="office.attachment",
                                verbose_name="文件",
                            ),
                        ),
                        (
                            "session",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="documents",
                                to="consultations.session",
                                verbose_name="协商活动",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "协商成果",
                        "verbose_name_plural": "协商成果",
                        "ordering": ["-pk"],
                        "permissions": [("submit_outcome", "报送协商成果")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "submitted"), _negated=True),
                                    models.Q(
                                        models.Q(("document_number", ""), _negated=True),
                                        ("submitted_on__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="consultations_submitted_has_number",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OutcomeDocumentChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("verb", models.CharField(max_length=40, verbose_name="步骤")),
                        ("old", models.CharField(max_length=30, verbose_name="原状态")),
                        ("new", models.CharField(max_length=30, verbose_name="新状态")),
                        (
                            "job",
                            models.CharField(blank=True, max_length=60, verbose_name="自动任务"),
                        ),
                        (
                            "behalf",
                            models.CharField(blank=True, max_length=120, verbose_name="代录对象"),
                        ),
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
                                to="consultations.outcomedocument",
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
                                    models.Q(
                                        ("by__isnull", True), models.Q(("job", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="consultations_outcomedocumentchange_by_or_job",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                ),
                                name="consultations_outcomedocumentchange_behalf_has_scan",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlanStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("order", models.PositiveSmallIntegerField(verbose_name="次序")),
                        (
                            "body",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="office.decidingbody",
                                verbose_name="决定机构",
                            ),
                        ),
                        (
                            "decision",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="plan_step",
                                to="office.decision",
                                verbose_name="会议决定",
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="steps",
                                to="consultations.annualplan",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "报批步骤",
                        "verbose_name_plural": "报批步骤",
                        "ordering": ["plan", "order"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("plan", "order"), name="consultations_step_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Recommendation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "version",
                            models.PositiveIntegerField(
                                default=0, editable=False, verbose_name="版本"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("number", models.PositiveSmallIntegerField(verbose_name="序号")),
                        ("text", models.TextField(verbose_name="意见建议")),
                        (
                            "minute",
                            models.CharField(
                                blank=True,
                                help_text="没有调研发现时填写。",
                                max_length=300,
                                verbose_name="依据的纪要内容",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "草稿"),
                                    ("submitted", "已报送"),
                                    ("settled", "已办结"),
                                ],
                                default="draft",
                                editable=False,
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "assist",
                            models.ManyToManyField(
                                blank=True,
                                related_name="+",
                                to="members.unit",
                                verbose_name="协办单位",
                            ),
                        ),
                        (
                            "document",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="recommendations",
                                to="consultations.outcomedocument",
                                verbose_name="成果",
                            ),
                        ),
                        (
                            "finding",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="recommendations",
                                to="consultations.finding",
                                verbose_name="依据的调研发现",
                            ),
                        ),
                        (
                            "lead",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="recommendations",
                                to="members.unit",
                                verbose_name="主办单位",
                            ),
                        ),
                        (
                            "voiced_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="recommendations",
                                to="members.membership",
                                verbose_name="提出的委员",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "意见建议",
                        "verbose_name_plural": "意见建议",
                        "ordering": ["document", "number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("document", "number"),
                                name="consultations_recommendation_number",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("finding__isnull", False),
                                    models.Q(("minute", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="consultations_no_advice_without_research",
                                violation_error_message="不调研不建言：请选择依据的调研发现，或写明依据的纪要内容。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True),
                                name="consultations_recommendation_has_text",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RecommendationChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("verb", models.CharField(max_length=40, verbose_name="步骤")),
                        ("old", models.CharField(max_length=30, verbose_name="原状态")),
                        ("new", models.CharField(max_length=30, verbose_name="新状态")),
                        (
                            "job",
                            models.CharField(blank=True, max_length=60, verbose_name="自动任务"),
                        ),
                        (
                            "behalf",
                            models.CharField(blank=True, max_length=120, verbose_name="代录对象"),
                        ),
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
                                to="consultations.recommendation",
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
                                    models.Q(
                                        ("by__isnull", True), models.Q(("job", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="consultations_recommendationchange_by_or_job",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                ),
                                name="consultations_recommendationchange_behalf_has_scan",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Research",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "version",
                            models.PositiveIntegerField(
                                default=0, editable=False, verbose_name="版本"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("outline", models.TextField(blank=True, verbose_name="目的和提纲")),
                        (
                            "starts_on",
                            models.DateField(blank=True, null=True, verbose_name="开始日期"),
                        ),
                        (
                            "ends_on",
                            models.DateField(blank=True, null=True, verbose_name="结束日期"),
                        ),
                        ("summary", models.TextField(blank=True, verbose_name="报告摘要")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "方案起草"),
                                    ("running", "调研中"),
                                    ("reported", "报告待专委会主任审核"),
                                    ("checked", "报告待牵头领导审定"),
                                    ("approved", "报告已审定"),
                                ],
                                default="draft",
                                editable=False,
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "report",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="office.attachment",
                                verbose_name="调研报告",
                            ),
                        ),
                        (
                            "first_suggestion",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="consultations.suggestion",
                            ),
                        ),
                        (
                            "topic",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="research",
                                to="consultations.topic",
                                verbose_name="议题",
                            ),
                        ),
                        (
                            "first_visit",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="consultations.visit",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "调研",
                        "verbose_name_plural": "调研",
                        "ordering": ["-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("starts_on__isnull", True),
                                    ("ends_on__isnull", True),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="consultations_research_ends_after_start",
                                violation_error_message="结束日期不能早于开始日期。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ["draft", "running"]),
                                    models.Q(
                                        ("first_suggestion__isnull", False),
                                        ("first_visit__isnull", False),
                                        ("report__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="consultations_reported_research_is_whole",
                                violation_error_message="调研报告须有走访、建议和报告文件。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ResearchChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("verb", models.CharField(max_length=40, verbose_name="步骤")),
                        ("old", models.CharField(max_length=30, verbose_name="原状态")),
                        ("new", models.CharField(max_length=30, verbose_name="新状态")),
                        (
                            "job",
                            models.CharField(blank=True, max_length=60, verbose_name="自动任务"),
                        ),
                        (
                            "behalf",
                            models.CharField(blank=True, max_length=120, verbose_name="代录对象"),
                        ),
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
                                to="consultations.research",
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
                                    models.Q(
                                        ("by__isnull", True), models.Q(("job", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="consultations_researchchange_by_or_job",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                ),
                                name="consultations_researchchange_behalf_has_scan",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ResearchWaiver",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("reason", models.CharField(max_length=300, verbose_name="理由")),
                        ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "leader",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="members.person",
                                verbose_name="签批领导",
                            ),
                        ),
                        (
                            "paper",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="office.attachment",
                                verbose_name="签批文件",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "session",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="research_waiver",
                                to="consultations.session",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "免除调研",
                        "verbose_name_plural": "免除调研",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="consultations_waiver_has_reason",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Session",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "version",
                            models.PositiveIntegerField(
                                default=0, editable=False, verbose_name="版本"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("planned", "筹备中"),
                                    ("notified", "已通知"),
                                    ("open", "签到中"),
                                    ("held", "已召开·待纪要"),
                                    ("minutes_draft", "纪要待签发"),
                                    ("minutes_signed", "纪要已签发"),
                                    ("archived", "已归档"),
                                    ("cancelled", "已取消"),
                                ],
                                default="planned",
                                editable=False,
                                max_length=14,
                                verbose_name="状态",
                            ),
                        ),
                        ("minutes", models.TextField(blank=True, verbose_name="纪要")),
                        (
                            "held_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="召开时间"
                            ),
                        ),
                        (
                            "exemption",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="office.decision",
                            ),
                        ),
                        (
                            "gathering",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="session",
                                to="members.gathering",
                                verbose_name="会议活动",
                            ),
                        ),
                        (
                            "research",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sessions",
                                to="consultations.research",
                            ),
                        ),
                        (
                            "waiver",
                            models.OneToOneField(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="consultations.researchwaiver",
                                verbose_name="免除调研的签批",
                            ),
                        ),
                        (
                            "form",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="consultations.sessionform",
                                verbose_name="协商形式",
                            ),
                        ),
                        (
                            "topic",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sessions",
                                to="consultations.topic",
                                verbose_name="议题",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "协商活动",
                        "verbose_name_plural": "协商活动",
                        "ordering": ["-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ["planned", "cancelled"]),
                                    ("research__isnull", False),
                                    ("waiver__isnull", False),
                                    ("exemption__isnull", False),
                                    _connector="OR",
                                ),
                                name="consultations_no_consultation_without_research",
                                violation_error_message="不调研不协商：没有审定的调研报告，不能发通知。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        (
                                            "status__in",
                                            ["held", "minutes_draft", "minutes_signed", "archived"],
                                        ),
                                        _negated=True,
                                    ),
                                    ("held_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="consultations_held_has_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        (
                                            "status__in",
                                            ["minutes_draft", "minutes_signed", "archived"],
                                        ),
                                        _negated=True,
                                    ),
                                    models.Q(("minutes", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="consultations_signed_minutes_have_text",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CategoryWaiver",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "category",
                            models.CharField(
                                choices=[
                                    ("member", "委员"),
                                    ("expert", "专业人士"),
                                    ("department", "部门负责人"),
                                    ("grass_roots", "基层负责人"),
                                    ("public", "群众代表"),
                                ],
                                max_length=12,
                                verbose_name="类别",
                            ),
                        ),
                        ("reason", models.CharField(max_length=200, verbose_name="理由")),
                        (
                            "session",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="category_waivers",
                                to="consultations.session",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "不邀请某类人员的说明",
                        "verbose_name_plural": "不邀请某类人员的说明",
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("session", "category"),
                                name="consultations_category_waived_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="consultations_category_waiver_has_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SessionChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("verb", models.CharField(max_length=40, verbose_name="步骤")),
                        ("old", models.CharField(max_length=30, verbose_name="原状态")),
                        ("new", models.CharField(max_length=30, verbose_name="新状态")),
                        (
                            "job",
                            models.CharField(blank=True, max_length=60, verbose_name="自动任务"),
                        ),
                        (
                            "behalf",
                            models.CharField(blank=True, max_length=120, verbose_name="代录对象"),
                        ),
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
                                to="consultations.session",
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
                                    models.Q(
                                        ("by__isnull", True), models.Q(("job", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="consultations_sessionchange_by_or_job",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                ),
                                name="consultations_sessionchange_behalf_has_scan",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SessionForm",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("code", models.SlugField(max_length=40, unique=True, verbose_name="代码")),
                        ("name", models.CharField(max_length=40, verbose_name="名称")),
                        (
                            "research_required",
                            models.BooleanField(default=True, verbose_name="须先调研"),
                        ),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                        ("active", models.BooleanField(default=True, verbose_name="启用")),
                        (
                            "exempted_by",
                            models.ForeignKey(
                                blank=True,
                                help_text="“不调研不协商”：只有凭会议决定才能取消这一要求。",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="office.decision",
                                verbose_name="免除调研的会议决定",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "协商形式",
                        "verbose_name_plural": "协商形式",
                        "ordering": ["order", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("research_required", True),
                                    ("exempted_by__isnull", False),
                                    _connector="OR",
                                ),
                                name="consultations_form_exempted_by_decision",
                                violation_error_message="取消“须先调研”须选择作出这一决定的会议决定。",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Suggestion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(verbose_name="序号")),
                        ("text", models.TextField(verbose_name="建议")),
                        (
                            "addressee",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="members.unit",
                                verbose_name="建议对象",
                            ),
                        ),
                        (
                            "finding",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="suggestions",
                                to="consultations.finding",
                                verbose_name="依据的发现",
                            ),
                        ),
                        (
                            "research",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="suggestions",
                                to="consultations.research",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "调研建议",
                        "verbose_name_plural": "调研建议",
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("research", "number"),
                                name="consultations_suggestion_number",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True),
                                name="consultations_suggestion_has_text",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TeamMember",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "guest",
                            models.CharField(blank=True, max_length=120, verbose_name="姓名单位"),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("head", "组长"),
                                    ("member", "组员"),
                                    ("expert", "专家"),
                                    ("staff", "工作人员"),
                                ],
                                default="member",
                                max_length=8,
                                verbose_name="职责",
                            ),
                        ),
                        (
                            "membership",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="members.membership",
                                verbose_name="委员",
                            ),
                        ),
                        (
                            "research",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="team",
                                to="consultations.research",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "调研组成员",
                        "verbose_name_plural": "调研组成员",
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("research", "membership"), name="consultations_in_team_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("role", "head")),
                                fields=("research",),
                                name="consultations_one_head",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("membership__isnull", False), ("guest", "")),
                                    models.Q(
                                        ("membership__isnull", True),
                                        models.Q(("guest", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="consultations_team_member_or_guest",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Topic",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "version",
                            models.PositiveIntegerField(
                                default=0, editable=False, verbose_name="版本"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "title",
                            models.CharField(blank=True, max_length=100, verbose_name="题目"),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("member", "委员"),
                                    ("party", "党委点题"),
                                    ("government", "政府部门"),
                                    ("committee", "专委会"),
                                    ("sector", "界别"),
                                    ("town", "镇街政协工委"),
                                    ("opinion", "社情民意"),
                                    ("public", "社会征集"),
                                ],
                                default="member",
                                max_length=12,
                                verbose_name="来源",
                            ),
                        ),
                        (
                            "proposed_for",
                            models.CharField(
                                blank=True,
                                help_text="不是委员提出时填写。",
                                max_length=80,
                                verbose_name="提出单位",
                            ),
                        ),
                        ("background", models.TextField(blank=True, verbose_name="背景和理由")),
                        ("suggestion", models.TextField(blank=True, verbose_name="关键问题和建议")),
                        (
                            "no_secret",
                            models.BooleanField(
                                default=False, verbose_name="不涉密，也不是个人诉求、举报或诉讼事项"
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                        (
                            "saved_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="保存时间",
                            ),
                        ),
                        (
                            "submitted_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="提出时间"
                            ),
                        ),
                        (
                            "needed",
                            models.CharField(blank=True, max_length=200, verbose_name="党政所需"),
                        ),
                        (
                            "hoped_for",
                            models.CharField(blank=True, max_length=200, verbose_name="群众所盼"),
                        ),
                        (
                            "feasible",
                            models.CharField(blank=True, max_length=200, verbose_name="政协所能"),
                        ),
                        (
                            "number",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="计划内序号"
                            ),
                        ),
                        (
                            "month",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="计划月份"
                            ),
                        ),
                        ("is_key", models.BooleanField(default=False, verbose_name="重点议题")),
                        (
                            "decline_note",
                            models.CharField(blank=True, max_length=500, verbose_name="不采用说明"),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "草稿"),
                                    ("proposed", "已提出·待审核"),
                                    ("screened", "已审核·待列入计划"),
                                    ("declined", "未采用"),
                                    ("in_plan", "已列入计划·待批准"),
                                    ("approved", "已批准·待调研"),
                                    ("researching", "调研中"),
                                    ("research_done", "调研完成·待协商"),
                                    ("consulted", "已协商·待报送成果"),
                                    ("outcome_sent", "成果已报送·待交办"),
                                    ("tracking", "跟踪落实"),
                                    ("closed", "已办结"),
                                    ("cancelled", "已取消"),
                                ],
                                default="draft",
                                editable=False,
                                max_length=14,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "approval",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="office.decision",
                                verbose_name="批准决定",
                            ),
                        ),
                        (
                            "cancelled_by",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="office.decision",
                                verbose_name="取消的决定",
                            ),
                        ),
                        (
                            "committee",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="topics",
                                to="members.committee",
                                verbose_name="承办专委会",
                            ),
                        ),
                        (
                            "decline_reason",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="consultations.declinereason",
                                verbose_name="不采用理由",
                            ),
                        ),
                        (
                            "entered_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="录入人",
                            ),
                        ),
                        (
                            "form",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="consultations.sessionform",
                                verbose_name="协商形式",
                            ),
                        ),
                        (
                            "leader",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="members.person",
                                verbose_name="牵头领导",
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rows",
                                to="consultations.annualplan",
                                verbose_name="年度计划",
                            ),
                        ),
                        (
                            "proposer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="topics",
                                to="members.membership",
                                verbose_name="提出人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "议题",
                        "verbose_name_plural": "议题",
                        "ordering": ["-pk"],
                        "permissions": [
                            ("screen_topic", "审核议题"),
                            ("run_topic", "承办议题"),
                            ("run_topics", "代专委会承办议题"),
                            ("read_plan", "查看已印发的计划"),
                            ("enter_for_others", "代录"),
                        ],
                        "indexes": [
                            models.Index(
                                fields=["status", "-id"], name="consultations_topic_newest"
                            ),
                            models.Index(fields=["plan", "number"], name="consultations_plan_rows"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("number__isnull", False)),
                                fields=("plan", "number"),
                                name="consultations_row_number_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("month__isnull", True),
                                    ("month__range", (1, 12)),
                                    _connector="OR",
                                ),
                                name="consultations_topic_month",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ["draft", "proposed", "screened", "declined"]),
                                    models.Q(("plan__isnull", False), ("number__isnull", False)),
                                    _connector="OR",
                                ),
                                name="consultations_planned_topic_has_plan",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "status__in",
                                        ["draft", "proposed", "screened", "declined", "in_plan"],
                                    ),
                                    ("approval__isnull", False),
                                    _connector="OR",
                                ),
                                name="consultations_running_topic_is_approved",
                                violation_error_message="没有区委常委会的批准决定，议题不能实施。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "declined"), _negated=True),
                                    ("decline_reason__isnull", False),
                                    _connector="OR",
                                ),
                                name="consultations_declined_has_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "cancelled"), _negated=True),
                                    ("cancelled_by__isnull", False),
                                    _connector="OR",
                                ),
                                name="consultations_cancelled_is_decided",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TopicChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("verb", models.CharField(max_length=40, verbose_name="步骤")),
                        ("old", models.CharField(max_length=30, verbose_name="原状态")),
                        ("new", models.CharField(max_length=30, verbose_name="新状态")),
                        (
                            "job",
                            models.CharField(blank=True, max_length=60, verbose_name="自动任务"),
                        ),
                        (
                            "behalf",
                            models.CharField(blank=True, max_length=120, verbose_name="代录对象"),
                        ),
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
                                to="consultations.topic",
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
                                    models.Q(
                                        ("by__isnull", True), models.Q(("job", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="consultations_topicchange_by_or_job",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                ),
                                name="consultations_topicchange_behalf_has_scan",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TopicGroupPermission",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "content_object",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                to="consultations.topic",
                            ),
                        ),
                        (
                            "group",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, to="auth.group"
                            ),
                        ),
                        (
                            "permission",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE, to="auth.permission"
                            ),
                        ),
                    ],
                    options={
                        "abstract": False,
                        "unique_together": {("group", "permission", "content_object")},
                    },
                ),
                migrations.CreateModel(
                    name="Visit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "method",
                            models.CharField(
                                choices=[
                                    ("visit", "实地走访"),
                                    ("meeting", "座谈"),
                                    ("survey", "问卷"),
                                    ("trip", "外出考察"),
                                ],
                                default="visit",
                                max_length=8,
                                verbose_name="方式",
                            ),
                        ),
                        ("met", models.CharField(max_length=300, verbose_name="走访单位和人员")),
                        ("seen", models.TextField(verbose_name="了解到的情况")),
                        (
                            "gathering",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visit",
                                to="members.gathering",
                            ),
                        ),
                        (
                            "research",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visits",
                                to="consultations.research",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "走访",
                        "verbose_name_plural": "走访",
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("met", ""), _negated=True),
                                    models.Q(("seen", ""), _negated=True),
                                ),
                                name="consultations_visit_says_something",
                            )
                        ],
                    },
                ),
            ],
        ),
        migrations.RunPython(install, remove),
    ]
