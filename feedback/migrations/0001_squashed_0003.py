import cppcc_portal.office.squashing
from cppcc_portal.office import triggers
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


TABLES = [
    "feedback_adoptionchange",
    "feedback_lookbackchange",
]


def install(apps, schema_editor):
    triggers.install(schema_editor, TABLES)


def remove(apps, schema_editor):
    triggers.remove(schema_editor, TABLES)


class Migration(migrations.Migration):
    replaces = [
        ("feedback", "0001_initial"),
        ("feedback", "0002_append_only"),
        ("feedback", "0003_paper_of_units"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("consultations", "0002_append_only"),
        ("members", "0005_append_only"),
        ("members", "__first__"),
        ("office", "0002_append_only"),
        ("office", "0003_append_only_more"),
    ]

    operations = [
        cppcc_portal.office.squashing.CreateModels(
            models=[
                migrations.CreateModel(
                    name="LookBackYear",
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
                            "year",
                            models.PositiveSmallIntegerField(unique=True, verbose_name="年度"),
                        ),
                        ("opened_on", models.DateField(verbose_name="列出候选日期")),
                    ],
                    options={
                        "verbose_name": "回头看年度",
                        "verbose_name_plural": "回头看年度",
                        "ordering": ["-year"],
                    },
                ),
                migrations.CreateModel(
                    name="Adoption",
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
                                    ("assigned", "待签收"),
                                    ("studying", "研究中"),
                                    ("answered", "已答复·待确认"),
                                    ("implementing", "落实中"),
                                    ("stalled", "暂时无法推进"),
                                    ("done_reported", "已报完成·待核实"),
                                    ("verified", "已核实办结"),
                                    ("closed", "已确认答复"),
                                ],
                                default="assigned",
                                editable=False,
                                max_length=14,
                                verbose_name="落实进度",
                            ),
                        ),
                        (
                            "conclusion",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("adopted", "采纳"),
                                    ("partly", "部分采纳"),
                                    ("not_adopted", "未采纳"),
                                    ("reference", "留作参考"),
                                ],
                                editable=False,
                                max_length=12,
                                verbose_name="采纳结论",
                            ),
                        ),
                        (
                            "effect",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("policy", "政策文件"),
                                    ("project", "规划或项目"),
                                    ("livelihood", "民生实事"),
                                    ("routine", "标准或制度"),
                                    ("funds", "资金安排"),
                                    ("on_spot", "现场解决"),
                                    ("other", "其他"),
                                ],
                                editable=False,
                                max_length=12,
                                verbose_name="转化形式",
                            ),
                        ),
                        ("assigned_on", models.DateField(verbose_name="交办日期")),
                        ("due_on", models.DateField(db_index=True, verbose_name="期限")),
                        ("answer", models.TextField(blank=True, verbose_name="答复意见")),
                        ("reason", models.TextField(blank=True, verbose_name="理由")),
                        (
                            "contact",
                            models.CharField(blank=True, max_length=60, verbose_name="联系人"),
                        ),
                        (
                            "answered_on",
                            models.DateField(
                                blank=True, editable=False, null=True, verbose_name="答复日期"
                            ),
                        ),
                        (
                            "challenges",
                            models.PositiveSmallIntegerField(
                                default=0, editable=False, verbose_name="要求重新研究次数"
                            ),
                        ),
                        (
                            "done_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="报告人",
                            ),
                        ),
                        (
                            "evidence",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="office.attachment",
                                verbose_name="证明材料",
                            ),
                        ),
                        (
                            "first_commitment",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="members.commitment",
                            ),
                        ),
                        (
                            "recommendation",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="adoption",
                                to="consultations.recommendation",
                                verbose_name="意见建议",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="adoptions",
                                to="members.unit",
                                verbose_name="主办单位",
                            ),
                        ),
                        (
                            "verified_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="核实人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "意见建议办理",
                        "verbose_name_plural": "意见建议办理",
                        "ordering": ["due_on", "pk"],
                        "permissions": [
                            ("answer_adoption", "答复意见建议"),
                            ("assign_recommendation", "交办意见建议"),
                            ("enter_for_others", "代录"),
                        ],
                        "indexes": [
                            models.Index(
                                fields=["unit", "status", "due_on"], name="feedback_unit_due"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ["assigned", "studying"]),
                                    models.Q(("conclusion", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="feedback_answered_has_conclusion",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ["assigned", "studying"]),
                                    models.Q(
                                        ("conclusion__in", ["adopted", "partly"]), _negated=True
                                    ),
                                    ("first_commitment__isnull", False),
                                    _connector="OR",
                                ),
                                name="feedback_adopted_has_commitment",
                                violation_error_message="采纳的意见建议须有至少一项承诺。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("conclusion__in", ["not_adopted", "reference", "partly"]),
                                        _negated=True,
                                    ),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="feedback_not_adopted_has_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("status__in", ["done_reported", "verified"]), _negated=True
                                    ),
                                    models.Q(
                                        ("done_by__isnull", False),
                                        ("evidence__isnull", False),
                                        models.Q(("effect", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="feedback_done_has_evidence",
                                violation_error_message="报告完成须有证明材料。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "verified"), _negated=True),
                                    models.Q(
                                        ("verified_by__isnull", False),
                                        models.Q(
                                            ("verified_by", models.F("done_by")), _negated=True
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="feedback_verified_by_another",
                                violation_error_message="报告完成的人不能自己核实。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AdoptionChange",
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
                                to="feedback.adoption",
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
                                name="feedback_adoptionchange_by_or_job",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                ),
                                name="feedback_adoptionchange_behalf_has_scan",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AdoptionGroupPermission",
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
                                on_delete=django.db.models.deletion.CASCADE, to="feedback.adoption"
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
                    name="LookBack",
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
                                    ("candidate", "候选"),
                                    ("not_selected", "未选"),
                                    ("selected", "已选定"),
                                    ("checking", "自查与检查中"),
                                    ("evaluated", "已形成结论"),
                                    ("reported", "已报告"),
                                    ("closed", "已结束"),
                                ],
                                default="candidate",
                                editable=False,
                                max_length=12,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "report_number",
                            models.CharField(blank=True, max_length=60, verbose_name="报告文号"),
                        ),
                        (
                            "chosen_by",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="office.decision",
                                verbose_name="选定的决定",
                            ),
                        ),
                        (
                            "topic",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="look_backs",
                                to="consultations.topic",
                                verbose_name="议题",
                            ),
                        ),
                        (
                            "year",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="look_backs",
                                to="feedback.lookbackyear",
                                verbose_name="年度",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "回头看",
                        "verbose_name_plural": "回头看",
                        "ordering": ["-year__year", "pk"],
                        "permissions": [
                            ("select_lookback", "选定回头看"),
                            ("close_lookback", "结束回头看"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("year", "topic"), name="feedback_look_back_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ["candidate", "not_selected"]),
                                    ("chosen_by__isnull", False),
                                    _connector="OR",
                                ),
                                name="feedback_chosen_by_decision",
                                violation_error_message="回头看须凭会议决定选定。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LookBackChange",
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
                                to="feedback.lookback",
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
                                name="feedback_lookbackchange_by_or_job",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                ),
                                name="feedback_lookbackchange_behalf_has_scan",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LookBackChecker",
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
                            "look_back",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="checkers",
                                to="feedback.lookback",
                            ),
                        ),
                        (
                            "membership",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="members.membership",
                                verbose_name="委员",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "检查委员",
                        "verbose_name_plural": "检查委员",
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("look_back", "membership"), name="feedback_checker_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LookBackFinding",
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
                        ("unit_report", models.TextField(blank=True, verbose_name="单位自查")),
                        (
                            "reported_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="自查时间"),
                        ),
                        (
                            "result",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("holding", "已落实且见效"),
                                    ("weak", "已落实但效果不足"),
                                    ("running", "正在落实"),
                                    ("not_started", "尚未落实"),
                                    ("relapsed", "出现反弹"),
                                    ("changed", "情况变化"),
                                ],
                                max_length=12,
                                verbose_name="检查结论",
                            ),
                        ),
                        ("text", models.TextField(blank=True, verbose_name="检查情况")),
                        (
                            "found_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="检查时间"),
                        ),
                        ("version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "found_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "look_back",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="findings",
                                to="feedback.lookback",
                            ),
                        ),
                        (
                            "recommendation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="look_back_findings",
                                to="consultations.recommendation",
                            ),
                        ),
                        (
                            "reported_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                    ],
                    options={
                        "verbose_name": "回头看结论",
                        "verbose_name_plural": "回头看结论",
                        "ordering": ["recommendation__number", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("look_back", "recommendation"), name="feedback_finding_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("result", ""),
                                    models.Q(
                                        models.Q(("text", ""), _negated=True),
                                        ("found_at__isnull", False),
                                        ("found_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="feedback_finding_is_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("result", ""),
                                    ("reported_by__isnull", True),
                                    models.Q(("found_by", models.F("reported_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="feedback_found_by_another",
                                violation_error_message="写自查报告的人不能自己下检查结论。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProgressReport",
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
                        ("text", models.TextField(verbose_name="进展情况")),
                        (
                            "reported_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="时间"
                            ),
                        ),
                        (
                            "adoption",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reports",
                                to="feedback.adoption",
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
                                verbose_name="附件",
                            ),
                        ),
                        (
                            "reported_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                    ],
                    options={
                        "verbose_name": "进展报告",
                        "verbose_name_plural": "进展报告",
                        "ordering": ["-reported_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("text", ""), _negated=True),
                                name="feedback_progress_has_text",
                            )
                        ],
                    },
                ),
            ],
        ),
        migrations.RunPython(install, remove),
    ]
