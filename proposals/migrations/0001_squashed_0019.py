import cppcc_portal.office.personal
import cppcc_portal.office.squashing
from cppcc_portal.office import triggers
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models


TABLES = [
    "proposals_closedyearchange",
    "proposals_textversion",
    "proposals_proposalchange",
    "proposals_proposerchange",
    "proposals_handlingchange",
    "proposals_evaluationchange",
    "proposals_rehandlingchange",
    "proposals_unitrequestchange",
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
    "proposals_earlierrating",
    "proposals_followup",
    "proposals_progressnote",
    "proposals_secondingchange",
    "proposals_supervisionmeetingchange",
    "proposals_meetingreportchange",
    "proposals_meetingresult",
    "proposals_opinioninvitationchange",
]


def install(apps, schema_editor):
    triggers.install(schema_editor, TABLES)


def remove(apps, schema_editor):
    triggers.remove(schema_editor, TABLES)


GRADES = (
    ("satisfied", "满意", True, False),
    ("basically", "基本满意", True, False),
    ("not", "不满意", False, True),
)


def lay_grades(apps, schema_editor):
    """The grades of a rating, as the list that the office may word anew."""
    RatingGrade = apps.get_model("proposals", "RatingGrade")
    for order, (code, name, satisfied, reason) in enumerate(GRADES):
        RatingGrade.objects.create(
            code=code, name=name, order=order, is_satisfied=satisfied, needs_reason=reason
        )


class Migration(migrations.Migration):
    replaces = [
        ("proposals", "0001_initial"),
        ("proposals", "0002_append_only"),
        ("proposals", "0003_unit_requests"),
        ("proposals", "0004_append_only_requests"),
        ("proposals", "0005_merging"),
        ("proposals", "0006_asked_on_paper"),
        ("proposals", "0007_proposals_in_full"),
        ("proposals", "0008_append_only_in_full"),
        ("proposals", "0009_ratings_and_follow_up"),
        ("proposals", "0010_append_only_follow_up"),
        ("proposals", "0011_opinion_handling"),
        ("proposals", "0012_seconding"),
        ("proposals", "0013_append_only_seconding"),
        ("proposals", "0014_supervision_meetings"),
        ("proposals", "0015_append_only_meetings"),
        ("proposals", "0016_submitting"),
        ("proposals", "0017_handling_marks"),
        ("proposals", "0018_frozen_names"),
        ("proposals", "0019_opinion_authors"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("members", "0003_commitments"),
        ("members", "0005_append_only"),
        ("members", "0006_organisations"),
        ("members", "0007_supervision_talks"),
        ("members", "0008_report_duty"),
        ("members", "__first__"),
        ("office", "0001_initial"),
        ("office", "0002_append_only"),
        ("office", "0003_append_only_more"),
        ("office", "0004_instructions_and_saved_filters"),
        ("office", "0005_append_only_instructions"),
        ("office", "0006_shown_columns"),
    ]

    operations = [
        cppcc_portal.office.squashing.CreateModels(
            models=[
                migrations.CreateModel(
                    name="Destination",
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
                        ("code", models.CharField(max_length=20, unique=True, verbose_name="代码")),
                        ("name", models.CharField(max_length=120, verbose_name="名称")),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                        ("active", models.BooleanField(default=True, verbose_name="在用")),
                    ],
                    options={
                        "verbose_name": "不予立案去向",
                        "verbose_name_plural": "不予立案去向",
                        "ordering": ["order", "pk"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="RefusalReason",
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
                        ("code", models.CharField(max_length=20, unique=True, verbose_name="代码")),
                        ("name", models.CharField(max_length=120, verbose_name="名称")),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                        ("active", models.BooleanField(default=True, verbose_name="在用")),
                    ],
                    options={
                        "verbose_name": "不予立案理由",
                        "verbose_name_plural": "不予立案理由",
                        "ordering": ["order", "pk"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ResultClass",
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
                        ("code", models.CharField(max_length=20, unique=True, verbose_name="代码")),
                        ("name", models.CharField(max_length=120, verbose_name="名称")),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                        ("active", models.BooleanField(default=True, verbose_name="在用")),
                        (
                            "needs_commitment",
                            models.BooleanField(
                                default=False,
                                help_text="选这一类答复时，必须写明做什么、谁负责、何时完成。",
                                verbose_name="须附承诺",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "办理结果类别",
                        "verbose_name_plural": "办理结果类别",
                        "ordering": ["order", "pk"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Category",
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
                        ("code", models.CharField(max_length=20, unique=True, verbose_name="代码")),
                        ("name", models.CharField(max_length=120, verbose_name="名称")),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                        ("active", models.BooleanField(default=True, verbose_name="在用")),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="proposals.category",
                                verbose_name="上级",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "提案类别",
                        "verbose_name_plural": "提案类别",
                        "ordering": ["order", "pk"],
                        "permissions": [
                            ("import_category", "导入类别"),
                            ("export_category", "导出类别"),
                        ],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Handling",
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
                            "role",
                            models.CharField(
                                choices=[("lead", "主办"), ("joint", "会办"), ("separate", "分办")],
                                max_length=10,
                                verbose_name="方式",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
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
                        ("round", models.PositiveSmallIntegerField(default=1, verbose_name="轮次")),
                        ("handed_over_on", models.DateField(verbose_name="交办日期")),
                        ("sign_in_due_on", models.DateField(verbose_name="签收期限")),
                        ("due_on", models.DateField(verbose_name="期限")),
                        (
                            "acknowledged_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="签收时间"),
                        ),
                        (
                            "done_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="完成时间"),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="handlings",
                                to="members.unit",
                                verbose_name="承办单位",
                            ),
                        ),
                        (
                            "joint_opinion",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.jointopinion",
                            ),
                        ),
                        (
                            "proposal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="handlings",
                                to="proposals.proposal",
                                verbose_name="提案",
                            ),
                        ),
                        (
                            "current_reply",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.reply",
                            ),
                        ),
                        (
                            "rehanded_to",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="members.unit",
                                verbose_name="改办至",
                            ),
                        ),
                        (
                            "return_request",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.unitrequest",
                            ),
                        ),
                        (
                            "check_due_on",
                            models.DateField(
                                blank=True, editable=False, null=True, verbose_name="审核期限"
                            ),
                        ),
                        (
                            "unit_name",
                            models.CharField(
                                blank=True,
                                editable=False,
                                max_length=80,
                                verbose_name="当时单位名称",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "承办",
                        "verbose_name_plural": "承办",
                        "ordering": ["due_on", "pk"],
                        "permissions": [("answer_handling", "办理"), ("check_reply", "审核答复")],
                        "indexes": [
                            models.Index(
                                fields=["status", "due_on"], name="proposals_handling_due"
                            ),
                            models.Index(
                                fields=["unit", "status", "due_on"], name="proposals_unit_due"
                            ),
                            models.Index(fields=["unit", "-id"], name="proposals_unit_newest"),
                            models.Index(
                                condition=models.Q(
                                    (
                                        "status__in",
                                        [
                                            "waiting",
                                            "acknowledged",
                                            "signing",
                                            "checking",
                                            "return_asked",
                                        ],
                                    )
                                ),
                                fields=["due_on", "id"],
                                name="proposals_handling_is_open",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "replied"), _negated=True),
                                    models.Q(
                                        ("role__in", ["lead", "separate"]),
                                        ("current_reply__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_only_leads_reply",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "opinion_given"), _negated=True),
                                    models.Q(("role", "joint"), ("joint_opinion__isnull", False)),
                                    _connector="OR",
                                ),
                                name="proposals_only_joint_units_give_opinions",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("status__in", ["opinion_given", "replied"]), _negated=True
                                    ),
                                    ("done_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="proposals_done_has_time",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("status", "rehanded"), _negated=True),
                                fields=("proposal", "unit"),
                                name="proposals_unit_once_standing",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("role", "lead"),
                                    models.Q(("status", "rehanded"), _negated=True),
                                ),
                                fields=("proposal",),
                                name="proposals_one_standing_lead",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "return_asked"), _negated=True),
                                    ("return_request__isnull", False),
                                    _connector="OR",
                                ),
                                name="proposals_return_is_asked_for",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "status__in",
                                        ["waiting", "return_asked", "rehanded", "ended"],
                                    ),
                                    ("acknowledged_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="proposals_handled_was_acknowledged",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("status__in", ["signing", "signed", "checking"]),
                                        _negated=True,
                                    ),
                                    ("role__in", ["lead", "separate"]),
                                    _connector="OR",
                                ),
                                name="proposals_only_leads_hand_replies_in",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "checking"), _negated=True),
                                    ("check_due_on__isnull", False),
                                    _connector="OR",
                                ),
                                name="proposals_check_has_day",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalCategory",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "code",
                            models.CharField(db_index=True, max_length=20, verbose_name="代码"),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="名称")),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                        ("active", models.BooleanField(default=True, verbose_name="在用")),
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
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="proposals.category",
                                verbose_name="上级",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "historical 提案类别",
                        "verbose_name_plural": "historical 提案类别",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalDestination",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "code",
                            models.CharField(db_index=True, max_length=20, verbose_name="代码"),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="名称")),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                        ("active", models.BooleanField(default=True, verbose_name="在用")),
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
                        "verbose_name": "historical 不予立案去向",
                        "verbose_name_plural": "historical 不予立案去向",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalRefusalReason",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "code",
                            models.CharField(db_index=True, max_length=20, verbose_name="代码"),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="名称")),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                        ("active", models.BooleanField(default=True, verbose_name="在用")),
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
                        "verbose_name": "historical 不予立案理由",
                        "verbose_name_plural": "historical 不予立案理由",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalResultClass",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "code",
                            models.CharField(db_index=True, max_length=20, verbose_name="代码"),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="名称")),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                        ("active", models.BooleanField(default=True, verbose_name="在用")),
                        (
                            "needs_commitment",
                            models.BooleanField(
                                default=False,
                                help_text="选这一类答复时，必须写明做什么、谁负责、何时完成。",
                                verbose_name="须附承诺",
                            ),
                        ),
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
                        "verbose_name": "historical 办理结果类别",
                        "verbose_name_plural": "historical 办理结果类别",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="JointOpinion",
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
                            "document_number",
                            models.CharField(blank=True, max_length=60, verbose_name="文号"),
                        ),
                        ("text", models.TextField(verbose_name="会办意见")),
                        ("signer", models.CharField(max_length=30, verbose_name="签发人")),
                        ("given_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "given_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "handling",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="opinions",
                                to="proposals.handling",
                            ),
                        ),
                        (
                            "signer_post",
                            models.CharField(blank=True, max_length=60, verbose_name="签发人职务"),
                        ),
                        (
                            "unit_name",
                            models.CharField(
                                blank=True,
                                editable=False,
                                max_length=80,
                                verbose_name="当时单位名称",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "会办意见",
                        "verbose_name_plural": "会办意见",
                        "ordering": ["-given_at"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("text", ""), _negated=True),
                                    models.Q(("signer", ""), _negated=True),
                                    models.Q(("unit_name", ""), _negated=True),
                                ),
                                name="proposals_opinion_is_whole",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Proposal",
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
                                    ("draft", "草稿"),
                                    ("cosigning", "联名征集中"),
                                    ("submitted", "已提交·待审查"),
                                    ("reviewing", "审查中"),
                                    ("returned", "退回修改"),
                                    ("withdrawn", "已撤回"),
                                    ("not_filed", "不予立案"),
                                    ("merged", "已并案"),
                                    ("filed", "已立案·待交办"),
                                    ("preassigned", "预交办·征求意见"),
                                    ("assigned", "已交办·待签收"),
                                    ("handling", "办理中"),
                                    ("replied", "已答复·待评价"),
                                    ("rehandling", "重新办理"),
                                    ("closed", "已办结"),
                                    ("tracking", "跟踪落实"),
                                    ("archived", "已归档"),
                                    ("revoked", "已撤案"),
                                    ("taken_out", "已移出"),
                                ],
                                default="draft",
                                max_length=12,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "title",
                            models.CharField(blank=True, max_length=200, verbose_name="案由"),
                        ),
                        (
                            "initials",
                            cppcc_portal.office.personal.PinyinInitialsField(
                                blank=True,
                                db_index=True,
                                default="",
                                editable=False,
                                max_length=300,
                                source="title",
                                surname=False,
                            ),
                        ),
                        (
                            "serial",
                            models.PositiveIntegerField(
                                blank=True, editable=False, null=True, verbose_name="流水号"
                            ),
                        ),
                        (
                            "series",
                            models.CharField(
                                blank=True,
                                choices=[("plenary", "大会提案"), ("ordinary", "平时提案")],
                                max_length=10,
                                verbose_name="大会或平时",
                            ),
                        ),
                        (
                            "number",
                            models.PositiveIntegerField(
                                blank=True, editable=False, null=True, verbose_name="案号"
                            ),
                        ),
                        (
                            "label",
                            models.CharField(
                                blank=True,
                                db_index=True,
                                editable=False,
                                max_length=20,
                                verbose_name="提案号",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("individual", "委员个人"),
                                    ("cosigned", "委员联名"),
                                    ("collective", "集体"),
                                ],
                                max_length=12,
                                verbose_name="提案者类别",
                            ),
                        ),
                        (
                            "may_publish",
                            models.BooleanField(blank=True, null=True, verbose_name="同意公开"),
                        ),
                        (
                            "unpublished_reason",
                            models.CharField(
                                blank=True, max_length=300, verbose_name="不同意公开的理由"
                            ),
                        ),
                        (
                            "secrecy_confirmed",
                            models.BooleanField(default=False, verbose_name="已确认不涉密"),
                        ),
                        (
                            "cosign_until",
                            models.DateField(blank=True, null=True, verbose_name="联名截止"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="建立时间",
                            ),
                        ),
                        (
                            "submitted_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="提交时间"
                            ),
                        ),
                        (
                            "filed_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="立案时间"
                            ),
                        ),
                        (
                            "handed_over_on",
                            models.DateField(
                                blank=True, editable=False, null=True, verbose_name="交办日期"
                            ),
                        ),
                        (
                            "due_on",
                            models.DateField(
                                blank=True, editable=False, null=True, verbose_name="答复期限"
                            ),
                        ),
                        (
                            "closed_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="办结时间"
                            ),
                        ),
                        (
                            "category",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="proposals",
                                to="proposals.category",
                                verbose_name="类别",
                            ),
                        ),
                        (
                            "destination",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.destination",
                                verbose_name="去向",
                            ),
                        ),
                        (
                            "entered_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "first_share",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.handling",
                            ),
                        ),
                        (
                            "plenary",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="proposals",
                                to="members.plenary",
                                verbose_name="次",
                            ),
                        ),
                        (
                            "term",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="proposals",
                                to="members.term",
                                verbose_name="届",
                            ),
                        ),
                        (
                            "wished_units",
                            models.ManyToManyField(
                                blank=True,
                                related_name="+",
                                to="members.unit",
                                verbose_name="建议主办单位",
                            ),
                        ),
                        (
                            "refusal_reason",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.refusalreason",
                                verbose_name="理由",
                            ),
                        ),
                        (
                            "current_text",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.textversion",
                            ),
                        ),
                        (
                            "merged_into",
                            models.ForeignKey(
                                blank=True,
                                limit_choices_to={
                                    "status__in": ["filed", "preassigned", "assigned", "handling"]
                                },
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="merged",
                                to="proposals.proposal",
                                verbose_name="并入",
                            ),
                        ),
                        (
                            "archived_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="归档时间"
                            ),
                        ),
                        (
                            "key_official",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.leadingofficial",
                            ),
                        ),
                        (
                            "returned_text",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.textversion",
                            ),
                        ),
                        (
                            "wished_joint_units",
                            models.ManyToManyField(
                                blank=True,
                                related_name="+",
                                to="members.unit",
                                verbose_name="建议会办单位",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "提案",
                        "verbose_name_plural": "提案",
                        "ordering": ["-pk"],
                        "permissions": [
                            ("review_proposal", "审查提案"),
                            ("return_proposal", "退回提案"),
                            ("file_proposal", "立案"),
                            ("refuse_proposal", "不予立案"),
                            ("convert_proposal", "转社情民意"),
                            ("hand_over_proposal", "交办提案"),
                            ("hand_over_for_government", "由督查室交办提案"),
                            ("rehandle_proposal", "决定重新办理"),
                            ("close_proposal", "办结提案"),
                            ("take_out_proposal", "移出涉密嫌疑提案"),
                            ("select_key_proposal", "登记重点提案"),
                            ("supervise_proposal", "登记督办情况"),
                            ("award_proposal", "登记提案表彰"),
                            ("revoke_proposal", "撤案"),
                            ("archive_proposal", "归档提案"),
                            ("enter_for_others", "代录"),
                            ("read_notes", "查看内部批注"),
                            ("view_handed_over", "查看已交办提案"),
                            ("view_committee_proposals", "查看本专委会委员的提案"),
                            ("export_proposal", "导出提案"),
                            ("import_proposal", "导入提案"),
                        ],
                        "indexes": [
                            models.Index(fields=["status", "-id"], name="proposals_status_newest"),
                            models.Index(
                                fields=["plenary", "status"], name="proposals_plenary_status"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("plenary", "series", "number"), name="proposals_number_once"
                            ),
                            models.UniqueConstraint(
                                fields=("plenary", "serial"), name="proposals_serial_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status__in", ["not_filed"]), _negated=True),
                                    models.Q(
                                        ("destination__isnull", False),
                                        ("refusal_reason__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_not_filed_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "status__in",
                                        ["draft", "cosigning", "withdrawn", "taken_out"],
                                    ),
                                    models.Q(
                                        ("serial__isnull", False), ("submitted_at__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_submitted_has_serial",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "status__in",
                                        [
                                            "draft",
                                            "cosigning",
                                            "returned",
                                            "withdrawn",
                                            "taken_out",
                                        ],
                                    ),
                                    models.Q(
                                        ("secrecy_confirmed", True),
                                        models.Q(
                                            ("may_publish", True),
                                            models.Q(
                                                ("may_publish", False),
                                                models.Q(("unpublished_reason", ""), _negated=True),
                                            ),
                                            _connector="OR",
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_submitted_is_declared",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status", "draft"),
                                    ("current_text__isnull", False),
                                    _connector="OR",
                                ),
                                name="proposals_shown_text_is_frozen",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "merged"), _negated=True),
                                    ("merged_into__isnull", False),
                                    _connector="OR",
                                ),
                                name="proposals_merged_names_the_main_one",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("merged_into__isnull", True),
                                    models.Q(("merged_into", models.F("pk")), _negated=True),
                                    _connector="OR",
                                ),
                                name="proposals_merged_into_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("merged_into__isnull", True),
                                    models.Q(
                                        ("number__isnull", True),
                                        ("status__in", ["merged", "reviewing", "taken_out"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_merged_has_no_number",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        (
                                            "status__in",
                                            [
                                                "filed",
                                                "preassigned",
                                                "assigned",
                                                "handling",
                                                "replied",
                                                "rehandling",
                                                "closed",
                                                "tracking",
                                                "archived",
                                                "revoked",
                                            ],
                                        ),
                                        _negated=True,
                                    ),
                                    models.Q(
                                        ("category__isnull", False),
                                        ("number__isnull", False),
                                        models.Q(("series", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_filed_has_number",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        (
                                            "status__in",
                                            [
                                                "assigned",
                                                "handling",
                                                "replied",
                                                "rehandling",
                                                "closed",
                                                "tracking",
                                                "archived",
                                            ],
                                        ),
                                        _negated=True,
                                    ),
                                    models.Q(
                                        ("due_on__isnull", False),
                                        ("first_share__isnull", False),
                                        ("handed_over_on__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_handed_over_has_due_date",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("status__in", ["closed", "tracking", "archived"]),
                                        _negated=True,
                                    ),
                                    ("closed_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="proposals_closed_has_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "archived"), _negated=True),
                                    ("archived_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="proposals_archived_has_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("key_official__isnull", True),
                                    models.Q(
                                        ("number__isnull", False),
                                        models.Q(
                                            ("status__in", ["revoked", "taken_out"]), _negated=True
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_key_is_filed",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("status__in", ["submitted", "reviewing", "filed"]),
                                        _negated=True,
                                    ),
                                    ("returned_text__isnull", True),
                                    models.Q(
                                        ("current_text", models.F("returned_text")), _negated=True
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_returned_text_was_changed",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InternalNote",
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
                        ("text", models.TextField(verbose_name="批注")),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "proposal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notes",
                                to="proposals.proposal",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "内部批注",
                        "verbose_name_plural": "内部批注",
                        "ordering": ["-at"],
                    },
                ),
                migrations.CreateModel(
                    name="DraftCopy",
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
                            "title",
                            models.CharField(blank=True, max_length=200, verbose_name="案由"),
                        ),
                        ("situation", models.TextField(blank=True, verbose_name="情况")),
                        ("analysis", models.TextField(blank=True, verbose_name="分析")),
                        ("suggestions", models.TextField(blank=True, verbose_name="建议")),
                        ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "saved_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "proposal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="draft_copies",
                                to="proposals.proposal",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-saved_at"],
                    },
                ),
                migrations.CreateModel(
                    name="Draft",
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
                            "title",
                            models.CharField(blank=True, max_length=200, verbose_name="案由"),
                        ),
                        ("situation", models.TextField(blank=True, verbose_name="情况")),
                        ("analysis", models.TextField(blank=True, verbose_name="分析")),
                        ("suggestions", models.TextField(blank=True, verbose_name="建议")),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "saved_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "proposal",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="draft",
                                to="proposals.proposal",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "草稿",
                        "verbose_name_plural": "草稿",
                    },
                ),
                migrations.CreateModel(
                    name="ProposalChange",
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
                                to="proposals.proposal",
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
                                name="proposals_proposalchange_by_or_job",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                ),
                                name="proposals_proposalchange_behalf_has_scan",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Proposer",
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
                        ("order", models.PositiveSmallIntegerField(verbose_name="次序")),
                        (
                            "status",
                            models.CharField(
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
                        (
                            "remark",
                            models.CharField(blank=True, max_length=300, verbose_name="附言"),
                        ),
                        (
                            "answered_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="答复时间"),
                        ),
                        (
                            "body",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="proposer_of",
                                to="members.body",
                            ),
                        ),
                        (
                            "membership",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="proposer_of",
                                to="members.membership",
                            ),
                        ),
                        (
                            "proposal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="proposers",
                                to="proposals.proposal",
                            ),
                        ),
                        (
                            "text",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.textversion",
                            ),
                        ),
                        (
                            "merged_from",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.proposal",
                                verbose_name="所并提案",
                            ),
                        ),
                        (
                            "paper",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="office.attachment",
                                verbose_name="签名扫描件",
                            ),
                        ),
                        (
                            "kept_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="名称留存时间"
                            ),
                        ),
                        (
                            "kept_full_name",
                            models.CharField(
                                blank=True, editable=False, max_length=80, verbose_name="当时全称"
                            ),
                        ),
                        (
                            "kept_name",
                            models.CharField(
                                blank=True,
                                editable=False,
                                max_length=80,
                                verbose_name="当时姓名或简称",
                            ),
                        ),
                        (
                            "kept_party",
                            models.CharField(
                                blank=True, editable=False, max_length=40, verbose_name="当时党派"
                            ),
                        ),
                        (
                            "kept_sector",
                            models.CharField(
                                blank=True, editable=False, max_length=80, verbose_name="当时界别"
                            ),
                        ),
                        (
                            "kept_work",
                            models.CharField(
                                blank=True,
                                editable=False,
                                max_length=250,
                                verbose_name="当时工作单位及职务",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "提案人",
                        "verbose_name_plural": "提案人",
                        "ordering": ["order"],
                        "indexes": [
                            models.Index(
                                fields=["membership", "status", "order", "proposal"],
                                name="proposals_of_member",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("body__isnull", True), ("membership__isnull", False)),
                                    models.Q(("body__isnull", False), ("membership__isnull", True)),
                                    _connector="OR",
                                ),
                                name="proposals_proposer_member_or_body",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("order", 0), ("text__isnull", False), _connector="OR"
                                ),
                                name="proposals_cosigner_saw_a_text",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("order__gt", 0), ("status", "agreed"), _connector="OR"
                                ),
                                name="proposals_first_proposer_stands",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "agreed"), _negated=True),
                                    ("order", 0),
                                    ("answered_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="proposals_cosigner_answered",
                            ),
                            models.UniqueConstraint(
                                fields=("proposal", "membership"),
                                name="proposals_member_signs_once",
                            ),
                            models.UniqueConstraint(
                                fields=("proposal", "body"), name="proposals_body_signs_once"
                            ),
                            models.UniqueConstraint(
                                fields=("proposal", "order"), name="proposals_proposer_order"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("paper__isnull", True),
                                    models.Q(("membership__isnull", False), ("order__gt", 0)),
                                    _connector="OR",
                                ),
                                name="proposals_paper_is_of_a_cosigner",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("kept_at__isnull", True),
                                        ("kept_full_name", ""),
                                        ("kept_name", ""),
                                        ("kept_party", ""),
                                        ("kept_sector", ""),
                                        ("kept_work", ""),
                                    ),
                                    models.Q(
                                        ("kept_at__isnull", False),
                                        models.Q(("kept_name", ""), _negated=True),
                                        models.Q(("kept_full_name", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_names_are_kept_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Evaluation",
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
                                    ("waiting", "待评价"),
                                    ("answered", "已评价"),
                                    ("expired", "未评价"),
                                ],
                                default="waiting",
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        ("due_on", models.DateField(verbose_name="评价期限")),
                        (
                            "attitude",
                            models.CharField(blank=True, max_length=20, verbose_name="办理态度"),
                        ),
                        (
                            "result",
                            models.CharField(blank=True, max_length=20, verbose_name="办理结果"),
                        ),
                        (
                            "contacted",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("visit", "登门走访"),
                                    ("meeting", "座谈面商"),
                                    ("phone", "电话沟通"),
                                    ("other", "其他方式"),
                                    ("not_needed", "本人表示不必面商"),
                                    ("none", "没有沟通"),
                                ],
                                max_length=10,
                                verbose_name="沟通方式",
                            ),
                        ),
                        (
                            "to_the_point",
                            models.CharField(
                                blank=True,
                                choices=[("yes", "是"), ("basically", "基本是"), ("no", "否")],
                                max_length=10,
                                verbose_name="是否对题",
                            ),
                        ),
                        ("text", models.TextField(blank=True, verbose_name="意见")),
                        (
                            "answered_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="评价时间"),
                        ),
                        (
                            "proposer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="evaluations",
                                to="proposals.proposer",
                            ),
                        ),
                        (
                            "reply",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="evaluations",
                                to="proposals.reply",
                            ),
                        ),
                        (
                            "opened_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="打开时间"
                            ),
                        ),
                        (
                            "attitude_name",
                            models.CharField(blank=True, max_length=120, verbose_name="办理态度"),
                        ),
                        (
                            "is_dissatisfied",
                            models.BooleanField(
                                default=False, editable=False, verbose_name="不满意"
                            ),
                        ),
                        (
                            "result_name",
                            models.CharField(blank=True, max_length=120, verbose_name="办理结果"),
                        ),
                    ],
                    options={
                        "verbose_name": "办理评价",
                        "verbose_name_plural": "办理评价",
                        "ordering": ["pk"],
                        "indexes": [
                            models.Index(
                                fields=["status", "proposer"], name="proposals_rating_waits"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("reply", "proposer"), name="proposals_one_rating_a_reply"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "answered"), _negated=True),
                                    models.Q(
                                        ("answered_at__isnull", False),
                                        models.Q(("attitude", ""), _negated=True),
                                        models.Q(("attitude_name", ""), _negated=True),
                                        models.Q(("result", ""), _negated=True),
                                        models.Q(("result_name", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_rating_has_both_halves",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status", "answered"),
                                    models.Q(
                                        ("attitude", ""),
                                        ("attitude_name", ""),
                                        ("is_dissatisfied", False),
                                        ("result", ""),
                                        ("result_name", ""),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_silence_is_no_rating",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "answered"), _negated=True),
                                    ("is_dissatisfied", False),
                                    models.Q(("text", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="proposals_dissatisfied_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ContactEntry",
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
                            "way",
                            models.CharField(
                                choices=[
                                    ("visit", "登门走访"),
                                    ("meeting", "座谈面商"),
                                    ("phone", "电话"),
                                    ("other", "其他方式"),
                                    ("not_needed", "提案人表示不必面商"),
                                ],
                                max_length=10,
                                verbose_name="方式",
                            ),
                        ),
                        (
                            "stage",
                            models.CharField(
                                choices=[
                                    ("before", "办理前"),
                                    ("during", "办理中"),
                                    ("after", "答复后"),
                                ],
                                default="before",
                                max_length=10,
                                verbose_name="阶段",
                            ),
                        ),
                        ("on", models.DateField(verbose_name="日期")),
                        ("summary", models.TextField(verbose_name="沟通情况")),
                        ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "handling",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="contacts",
                                to="proposals.handling",
                            ),
                        ),
                        (
                            "proposer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.proposer",
                                verbose_name="提案人",
                            ),
                        ),
                        (
                            "consent",
                            models.TextField(
                                blank=True, verbose_name="提案人同意改用其他方式的情况"
                            ),
                        ),
                        (
                            "in_person_asked",
                            models.BooleanField(
                                default=False, editable=False, verbose_name="要求当面沟通"
                            ),
                        ),
                        (
                            "is_entered",
                            models.BooleanField(default=False, editable=False, verbose_name="代录"),
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
                        "verbose_name": "沟通记录",
                        "verbose_name_plural": "沟通记录",
                        "ordering": ["on", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("in_person_asked", False),
                                    ("way__in", ["visit", "meeting", "not_needed"]),
                                    models.Q(("consent", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="proposals_other_way_has_consent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_entered", False), ("scan__isnull", False), _connector="OR"
                                ),
                                name="proposals_entered_contact_has_scan",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProposerChange",
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
                                to="proposals.proposer",
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
                                name="proposals_proposerchange_by_or_job",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                ),
                                name="proposals_proposerchange_behalf_has_scan",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Rehandling",
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
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("proposed", "待决定"),
                                    ("started", "已启动"),
                                    ("refused", "未启动"),
                                    ("dropped", "提案人已改评"),
                                ],
                                default="proposed",
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        ("due_on", models.DateField(verbose_name="决定期限")),
                        ("reason", models.TextField(blank=True, verbose_name="不重新办理的理由")),
                        (
                            "evaluation",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rehandlings",
                                to="proposals.evaluation",
                            ),
                        ),
                        (
                            "handling",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rehandlings",
                                to="proposals.handling",
                            ),
                        ),
                        ("demand", models.TextField(blank=True, verbose_name="要求重新办理的理由")),
                    ],
                    options={
                        "verbose_name": "重新办理建议",
                        "verbose_name_plural": "重新办理建议",
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "refused"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="proposals_refused_round_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("evaluation__isnull", False),
                                    models.Q(("demand", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="proposals_round_has_its_cause",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("status", "dropped"), _negated=True),
                                fields=("evaluation",),
                                name="proposals_rating_asks_one_round",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RehandlingChange",
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
                                to="proposals.rehandling",
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
                                name="proposals_rehandlingchange_by_or_job",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                ),
                                name="proposals_rehandlingchange_behalf_has_scan",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reply",
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
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("round", models.PositiveSmallIntegerField(default=1, verbose_name="轮次")),
                        (
                            "document_number",
                            models.CharField(blank=True, max_length=60, verbose_name="文号"),
                        ),
                        ("text", models.TextField(blank=True, verbose_name="答复正文")),
                        (
                            "signer",
                            models.CharField(blank=True, max_length=30, verbose_name="签发人"),
                        ),
                        (
                            "signer_post",
                            models.CharField(blank=True, max_length=60, verbose_name="签发人职务"),
                        ),
                        (
                            "contact_name",
                            models.CharField(blank=True, max_length=30, verbose_name="联系人"),
                        ),
                        (
                            "contact_phone",
                            models.CharField(blank=True, max_length=30, verbose_name="联系电话"),
                        ),
                        (
                            "openness",
                            models.CharField(
                                choices=[
                                    ("full", "全文公开"),
                                    ("summary", "摘要公开"),
                                    ("none", "不公开"),
                                ],
                                default="full",
                                max_length=10,
                                verbose_name="公开属性",
                            ),
                        ),
                        ("promised", models.BooleanField(default=False, verbose_name="含承诺")),
                        (
                            "planned",
                            models.JSONField(blank=True, default=list, verbose_name="拟写的承诺"),
                        ),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "sent_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="答复时间"),
                        ),
                        (
                            "due_on",
                            models.DateField(blank=True, null=True, verbose_name="当时期限"),
                        ),
                        (
                            "first_commitment",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="members.commitment",
                            ),
                        ),
                        (
                            "handling",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replies",
                                to="proposals.handling",
                            ),
                        ),
                        (
                            "sent_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "result_class",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.resultclass",
                                verbose_name="结果类别",
                            ),
                        ),
                        (
                            "class_reason",
                            models.CharField(
                                blank=True, max_length=500, verbose_name="更改类别的理由"
                            ),
                        ),
                        (
                            "given_class",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.resultclass",
                                verbose_name="单位所报类别",
                            ),
                        ),
                        (
                            "handed_in_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="报审时间"),
                        ),
                        (
                            "handed_in_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "signed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="签发时间"),
                        ),
                        (
                            "signed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "signed_paper",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="office.attachment",
                                verbose_name="已签发的答复函",
                            ),
                        ),
                        (
                            "signer_rank",
                            models.CharField(
                                blank=True,
                                choices=[("principal", "主要负责人"), ("leader", "分管负责人")],
                                max_length=10,
                                verbose_name="签发人层级",
                            ),
                        ),
                        (
                            "unit_name",
                            models.CharField(
                                blank=True,
                                editable=False,
                                max_length=80,
                                verbose_name="当时单位名称",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "答复",
                        "verbose_name_plural": "答复",
                        "ordering": ["round", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("handling", "round"), name="proposals_reply_a_round"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("sent_at__isnull", True),
                                    ("promised", False),
                                    ("first_commitment__isnull", False),
                                    _connector="OR",
                                ),
                                name="proposals_promise_is_on_record",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("given_class__isnull", True),
                                    models.Q(("class_reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="proposals_changed_class_has_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("signed_at__isnull", True),
                                    ("signed_by__isnull", False),
                                    ("signed_paper__isnull", False),
                                    _connector="OR",
                                ),
                                name="proposals_signed_by_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("sent_at__isnull", True),
                                    ("signer_rank", ""),
                                    models.Q(("signer_post", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="proposals_ranked_signer_has_post",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("sent_at__isnull", True),
                                    models.Q(
                                        ("due_on__isnull", False),
                                        ("result_class__isnull", False),
                                        ("sent_by__isnull", False),
                                        models.Q(("text", ""), _negated=True),
                                        models.Q(("document_number", ""), _negated=True),
                                        models.Q(("signer", ""), _negated=True),
                                        models.Q(("unit_name", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_sent_reply_is_whole",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TextVersion",
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
                            "kind",
                            models.CharField(
                                choices=[
                                    ("original", "提案人原文"),
                                    ("edited", "编辑稿"),
                                    ("public", "公开稿"),
                                ],
                                default="original",
                                max_length=10,
                                verbose_name="种类",
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(verbose_name="第几稿")),
                        ("title", models.CharField(max_length=200, verbose_name="案由")),
                        ("situation", models.TextField(verbose_name="情况")),
                        ("analysis", models.TextField(blank=True, verbose_name="分析")),
                        ("suggestions", models.TextField(verbose_name="建议")),
                        ("digest", models.CharField(max_length=64)),
                        ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "proposal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="texts",
                                to="proposals.proposal",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("proposal", "number"), name="proposals_text_number"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EvaluationChange",
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
                                to="proposals.evaluation",
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
                                name="proposals_evaluationchange_by_or_job",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                ),
                                name="proposals_evaluationchange_behalf_has_scan",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HandlingChange",
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
                                to="proposals.handling",
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
                                name="proposals_handlingchange_by_or_job",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                ),
                                name="proposals_handlingchange_behalf_has_scan",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HandlingGroupPermission",
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
                                on_delete=django.db.models.deletion.CASCADE, to="proposals.handling"
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
                    name="UnitRequest",
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
                                choices=[("return", "退办"), ("extension", "延期")],
                                max_length=10,
                                verbose_name="申请事项",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("open", "待决定"),
                                    ("granted", "已同意"),
                                    ("refused", "未同意"),
                                    ("withdrawn", "已撤回"),
                                    ("lapsed", "随办理终止"),
                                ],
                                default="open",
                                editable=False,
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        ("reason", models.TextField(verbose_name="理由")),
                        (
                            "wanted_on",
                            models.DateField(blank=True, null=True, verbose_name="希望延至"),
                        ),
                        (
                            "asked_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="申请时间"
                            ),
                        ),
                        ("due_on", models.DateField(verbose_name="决定期限")),
                        ("answer", models.TextField(blank=True, verbose_name="决定说明")),
                        (
                            "granted_until",
                            models.DateField(
                                blank=True, editable=False, null=True, verbose_name="同意延至"
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="申请人",
                            ),
                        ),
                        (
                            "handling",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="requests",
                                to="proposals.handling",
                                verbose_name="承办",
                            ),
                        ),
                        (
                            "paper",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="office.attachment",
                                verbose_name="单位负责人签字的申请",
                            ),
                        ),
                        (
                            "suggested_unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="members.unit",
                                verbose_name="建议承办单位",
                            ),
                        ),
                        (
                            "is_entered",
                            models.BooleanField(default=False, editable=False, verbose_name="代录"),
                        ),
                        (
                            "dispatch",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="requests",
                                to="proposals.opiniondispatch",
                                verbose_name="社情民意报送",
                            ),
                        ),
                        (
                            "office_decides",
                            models.BooleanField(default=False, verbose_name="由提案委研究确定"),
                        ),
                    ],
                    options={
                        "verbose_name": "退办延期申请",
                        "verbose_name_plural": "退办延期申请",
                        "ordering": ["-pk"],
                        "permissions": [("decide_request", "决定退办和延期申请")],
                        "indexes": [
                            models.Index(fields=["status", "due_on"], name="proposals_request_due")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("status", "open")),
                                fields=("handling", "kind"),
                                name="proposals_one_open_request",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="proposals_request_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "extension"), _negated=True),
                                    ("wanted_on__isnull", False),
                                    _connector="OR",
                                ),
                                name="proposals_extension_names_a_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "refused"), _negated=True),
                                    models.Q(("answer", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="proposals_refused_request_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("kind", "extension"), ("status", "granted"), _negated=True
                                    ),
                                    ("granted_until__isnull", False),
                                    _connector="OR",
                                ),
                                name="proposals_granted_extension_has_day",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("status", "open")),
                                fields=("dispatch", "kind"),
                                name="proposals_one_open_opinion_request",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("dispatch__isnull", True), ("handling__isnull", False)
                                    ),
                                    models.Q(
                                        ("dispatch__isnull", False), ("handling__isnull", True)
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_request_of_one_share",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "return"), _negated=True),
                                    models.Q(
                                        ("office_decides", False), ("suggested_unit__isnull", False)
                                    ),
                                    models.Q(
                                        ("office_decides", True), ("suggested_unit__isnull", True)
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_return_says_whose_it_is",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UnitRequestChange",
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
                                to="proposals.unitrequest",
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
                                name="proposals_unitrequestchange_by_or_job",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                ),
                                name="proposals_unitrequestchange_behalf_has_scan",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Award",
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
                        (
                            "status",
                            models.CharField(
                                choices=[("given", "已表彰"), ("withdrawn", "已撤销")],
                                default="given",
                                editable=False,
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "given_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="登记时间"
                            ),
                        ),
                        (
                            "decision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="office.decision",
                                verbose_name="会议决定",
                            ),
                        ),
                        (
                            "given_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="登记人",
                            ),
                        ),
                        (
                            "plenary",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="awards",
                                to="members.plenary",
                                verbose_name="表彰年度（届次）",
                            ),
                        ),
                        (
                            "proposal",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="awards",
                                to="proposals.proposal",
                                verbose_name="优秀提案",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="awards",
                                to="members.unit",
                                verbose_name="先进承办单位",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "提案表彰",
                        "verbose_name_plural": "提案表彰",
                        "ordering": ["-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("proposal__isnull", False), ("unit__isnull", True)),
                                    models.Q(("proposal__isnull", True), ("unit__isnull", False)),
                                    _connector="OR",
                                ),
                                name="proposals_award_has_one_receiver",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("proposal__isnull", False), ("status", "given")
                                ),
                                fields=("proposal",),
                                name="proposals_excellent_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("status", "given"), ("unit__isnull", False)),
                                fields=("plenary", "unit"),
                                name="proposals_advanced_once_a_year",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Countersign",
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
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="送会签人",
                            ),
                        ),
                        (
                            "handling",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="countersigns",
                                to="proposals.handling",
                                verbose_name="会办单位的承办",
                            ),
                        ),
                        (
                            "reply",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="countersigns",
                                to="proposals.reply",
                                verbose_name="答复稿",
                            ),
                        ),
                        (
                            "result_class",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.resultclass",
                                verbose_name="拟定类别",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "会签",
                        "verbose_name_plural": "会签",
                        "ordering": ["-pk"],
                        "indexes": [
                            models.Index(
                                fields=["status", "due_on"], name="proposals_countersign_due"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("reply", "handling", "digest"),
                                name="proposals_countersign_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "dissented"), _negated=True),
                                    models.Q(("remark", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="proposals_dissent_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("status__in", ["agreed", "dissented"]), _negated=True
                                    ),
                                    ("answered_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="proposals_countersign_answered",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FilingList",
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
                            "series",
                            models.CharField(
                                choices=[("plenary", "大会提案"), ("ordinary", "平时提案")],
                                max_length=10,
                                verbose_name="大会或平时",
                            ),
                        ),
                        ("title", models.CharField(max_length=100, verbose_name="名称")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("collecting", "汇总中"),
                                    ("passed", "已审定·待办理"),
                                    ("done", "已办理"),
                                    ("dropped", "已作废"),
                                ],
                                default="collecting",
                                editable=False,
                                max_length=12,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "made_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="建立时间"
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
                                verbose_name="会议决定",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="建立人",
                            ),
                        ),
                        (
                            "plenary",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="filing_lists",
                                to="members.plenary",
                                verbose_name="次",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "立案审查清单",
                        "verbose_name_plural": "立案审查清单",
                        "ordering": ["-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status__in", ["passed", "done"]), _negated=True),
                                    ("approval__isnull", False),
                                    _connector="OR",
                                ),
                                name="proposals_passed_list_has_decision",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalProposerKind",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "code",
                            models.CharField(db_index=True, max_length=20, verbose_name="代码"),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="名称")),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                        ("active", models.BooleanField(default=True, verbose_name="在用")),
                        (
                            "body_kind",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("party", "党派"),
                                    ("federation", "工商联"),
                                    ("organisation", "人民团体"),
                                    ("committee", "专委会"),
                                    ("sector", "界别"),
                                    ("group", "委员小组"),
                                    ("town", "镇街政协工委"),
                                ],
                                max_length=20,
                                verbose_name="适用的组织",
                            ),
                        ),
                        (
                            "roles",
                            models.JSONField(
                                blank=True,
                                default=list,
                                help_text="在该组织担任这些职务的人可以撰写、提交并评价。",
                                verbose_name="可以署名的任职",
                            ),
                        ),
                        (
                            "season",
                            models.CharField(
                                choices=[("any", "任何时候"), ("plenary", "只在大会征集期间")],
                                default="any",
                                max_length=10,
                                verbose_name="何时可以提出",
                            ),
                        ),
                        (
                            "needs_seal",
                            models.BooleanField(default=False, verbose_name="须附盖章扫描件"),
                        ),
                        (
                            "counted_as",
                            models.CharField(
                                choices=[("member", "委员提案"), ("collective", "集体提案")],
                                default="collective",
                                max_length=12,
                                verbose_name="统计时计入",
                            ),
                        ),
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
                        "verbose_name": "historical 提案者类别",
                        "verbose_name_plural": "historical 提案者类别",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalReviewStage",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "code",
                            models.CharField(db_index=True, max_length=20, verbose_name="代码"),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="名称")),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                        ("active", models.BooleanField(default=True, verbose_name="在用")),
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
                        "verbose_name": "historical 审查环节",
                        "verbose_name_plural": "historical 审查环节",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="HistoricalSupervisionWay",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "code",
                            models.CharField(db_index=True, max_length=20, verbose_name="代码"),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="名称")),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                        ("active", models.BooleanField(default=True, verbose_name="在用")),
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
                        "verbose_name": "historical 督办形式",
                        "verbose_name_plural": "historical 督办形式",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="KeyMark",
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
                        (
                            "status",
                            models.CharField(
                                choices=[("current", "重点提案"), ("dropped", "不再列为重点")],
                                default="current",
                                editable=False,
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "selected_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="列为重点的时间"
                            ),
                        ),
                        (
                            "committee",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="members.committee",
                                verbose_name="督办专委会",
                            ),
                        ),
                        (
                            "decision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="office.decision",
                                verbose_name="会议决定",
                            ),
                        ),
                        (
                            "proposal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="key_marks",
                                to="proposals.proposal",
                                verbose_name="提案",
                            ),
                        ),
                        (
                            "selected_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="经办人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "重点提案",
                        "verbose_name_plural": "重点提案",
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("status", "current")),
                                fields=("proposal",),
                                name="proposals_one_current_key_mark",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OpinionYear",
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
                        ("year", models.PositiveIntegerField(unique=True, verbose_name="年度")),
                        (
                            "last_serial",
                            models.PositiveIntegerField(default=0, verbose_name="已用登记号"),
                        ),
                        (
                            "last_number",
                            models.PositiveIntegerField(default=0, verbose_name="已用期号"),
                        ),
                    ],
                    options={
                        "verbose_name": "社情民意年度",
                        "verbose_name_plural": "社情民意年度",
                    },
                ),
                migrations.CreateModel(
                    name="ProposalImport",
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
                        ("name", models.CharField(max_length=200, verbose_name="文件")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("read", "待确认"),
                                    ("written", "已写入"),
                                    ("cancelled", "已取消"),
                                ],
                                default="read",
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        ("counts", models.JSONField(blank=True, default=dict, verbose_name="件数")),
                        (
                            "created_at",
                            models.DateTimeField(
                                db_index=True,
                                default=django.utils.timezone.now,
                                verbose_name="上传时间",
                            ),
                        ),
                        (
                            "finished_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="完成时间"),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="上传人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "提案导入",
                        "verbose_name_plural": "提案导入",
                        "ordering": ["-created_at", "-pk"],
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="ProposerKind",
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
                        ("code", models.CharField(max_length=20, unique=True, verbose_name="代码")),
                        ("name", models.CharField(max_length=120, verbose_name="名称")),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                        ("active", models.BooleanField(default=True, verbose_name="在用")),
                        (
                            "body_kind",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("party", "党派"),
                                    ("federation", "工商联"),
                                    ("organisation", "人民团体"),
                                    ("committee", "专委会"),
                                    ("sector", "界别"),
                                    ("group", "委员小组"),
                                    ("town", "镇街政协工委"),
                                ],
                                max_length=20,
                                verbose_name="适用的组织",
                            ),
                        ),
                        (
                            "roles",
                            models.JSONField(
                                blank=True,
                                default=list,
                                help_text="在该组织担任这些职务的人可以撰写、提交并评价。",
                                verbose_name="可以署名的任职",
                            ),
                        ),
                        (
                            "season",
                            models.CharField(
                                choices=[("any", "任何时候"), ("plenary", "只在大会征集期间")],
                                default="any",
                                max_length=10,
                                verbose_name="何时可以提出",
                            ),
                        ),
                        (
                            "needs_seal",
                            models.BooleanField(default=False, verbose_name="须附盖章扫描件"),
                        ),
                        (
                            "counted_as",
                            models.CharField(
                                choices=[("member", "委员提案"), ("collective", "集体提案")],
                                default="collective",
                                max_length=12,
                                verbose_name="统计时计入",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "提案者类别",
                        "verbose_name_plural": "提案者类别",
                        "ordering": ["order", "pk"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("body_kind", ""), _negated=True),
                                fields=("body_kind",),
                                name="proposals_one_kind_for_a_body",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("body_kind", ""), _negated=True),
                                    ("code__in", ["individual", "cosigned"]),
                                    _connector="OR",
                                ),
                                name="proposals_kind_of_members_or_bodies",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReviewStage",
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
                        ("code", models.CharField(max_length=20, unique=True, verbose_name="代码")),
                        ("name", models.CharField(max_length=120, verbose_name="名称")),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                        ("active", models.BooleanField(default=True, verbose_name="在用")),
                    ],
                    options={
                        "verbose_name": "审查环节",
                        "verbose_name_plural": "审查环节",
                        "ordering": ["order", "pk"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="SuggestedTopic",
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
                        ("title", models.CharField(max_length=100, verbose_name="选题")),
                        (
                            "clue",
                            models.TextField(blank=True, max_length=500, verbose_name="线索说明"),
                        ),
                        (
                            "source",
                            models.CharField(blank=True, max_length=60, verbose_name="来源"),
                        ),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                        ("active", models.BooleanField(default=True, verbose_name="在用")),
                        (
                            "category",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.category",
                                verbose_name="类别",
                            ),
                        ),
                        (
                            "plenary",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="members.plenary",
                                verbose_name="哪次会议征集",
                            ),
                        ),
                        (
                            "taken_by",
                            models.ManyToManyField(
                                blank=True,
                                editable=False,
                                related_name="suggested_topics",
                                to="proposals.proposal",
                            ),
                        ),
                        (
                            "purpose",
                            models.CharField(
                                choices=[
                                    ("proposals", "提案选题"),
                                    ("opinions", "社情民意年度选题"),
                                    ("both", "提案和社情民意"),
                                ],
                                default="proposals",
                                max_length=10,
                                verbose_name="用于",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "选题参考目录",
                        "verbose_name_plural": "选题参考目录",
                        "ordering": ["-plenary", "order", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("plenary", "title"),
                                name="proposals_topic_once_a_plenary",
                                violation_error_message="这次会议的目录里已有同名选题。",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SupervisionWay",
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
                        ("code", models.CharField(max_length=20, unique=True, verbose_name="代码")),
                        ("name", models.CharField(max_length=120, verbose_name="名称")),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                        ("active", models.BooleanField(default=True, verbose_name="在用")),
                    ],
                    options={
                        "verbose_name": "督办形式",
                        "verbose_name_plural": "督办形式",
                        "ordering": ["order", "pk"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="UnitConsultation",
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
                            "role",
                            models.CharField(
                                choices=[("lead", "主办"), ("joint", "会办"), ("separate", "分办")],
                                max_length=10,
                                verbose_name="拟承办方式",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("asked", "征求意见中"),
                                    ("agreed", "同意承办"),
                                    ("objected", "有异议"),
                                    ("lapsed", "未答复"),
                                ],
                                default="asked",
                                editable=False,
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "asked_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="征求时间"
                            ),
                        ),
                        ("due_on", models.DateField(verbose_name="答复期限")),
                        ("reason", models.TextField(blank=True, verbose_name="理由")),
                        (
                            "answered_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="答复时间"),
                        ),
                        (
                            "ended_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="结束时间"
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="经办人",
                            ),
                        ),
                        (
                            "proposal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consultations",
                                to="proposals.proposal",
                                verbose_name="提案",
                            ),
                        ),
                        (
                            "suggested_unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="members.unit",
                                verbose_name="建议承办单位",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consultations",
                                to="members.unit",
                                verbose_name="单位",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "预交办征求意见",
                        "verbose_name_plural": "预交办征求意见",
                        "ordering": ["pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("ended_at", None)),
                                fields=["unit"],
                                name="proposals_unit_is_consulted",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("proposal", "unit"),
                                name="proposals_unit_consulted_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None), ("role", "lead")),
                                fields=("proposal",),
                                name="proposals_one_lead_consulted",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "objected"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="proposals_objection_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status__in", ["agreed", "objected"]), _negated=True),
                                    ("answered_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="proposals_consulted_answer_has_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ended_at", None),
                                    models.Q(("status", "asked"), _negated=True),
                                    _connector="OR",
                                ),
                                name="proposals_ended_consultation_asks_no_more",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AwardChange",
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
                                to="proposals.award",
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
                                name="proposals_awardchange_by_or_job",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                ),
                                name="proposals_awardchange_behalf_has_scan",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Collective",
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
                            "contact_name",
                            models.CharField(blank=True, max_length=30, verbose_name="联系人"),
                        ),
                        (
                            "contact_phone",
                            cppcc_portal.office.personal.EncryptedTextField(
                                blank=True, verbose_name="联系电话"
                            ),
                        ),
                        (
                            "address",
                            models.CharField(blank=True, max_length=200, verbose_name="通信地址"),
                        ),
                        (
                            "writers",
                            models.CharField(blank=True, max_length=200, verbose_name="主笔人"),
                        ),
                        ("needs_seal", models.BooleanField(default=False, editable=False)),
                        (
                            "submitted_at",
                            models.DateTimeField(blank=True, editable=False, null=True),
                        ),
                        ("version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "proposal",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="collective",
                                to="proposals.proposal",
                            ),
                        ),
                        (
                            "seal",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="office.attachment",
                                verbose_name="盖章扫描件",
                            ),
                        ),
                        (
                            "kind",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.proposerkind",
                                verbose_name="提案者类别",
                            ),
                        ),
                        (
                            "seal_digest",
                            models.CharField(blank=True, editable=False, max_length=64),
                        ),
                    ],
                    options={
                        "verbose_name": "集体提案的组织资料",
                        "verbose_name_plural": "集体提案的组织资料",
                        "default_permissions": (),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("submitted_at__isnull", True),
                                    models.Q(
                                        models.Q(("contact_name", ""), _negated=True),
                                        models.Q(
                                            ("needs_seal", False),
                                            ("seal__isnull", False),
                                            _connector="OR",
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_collective_is_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("submitted_at__isnull", True),
                                    ("seal__isnull", True),
                                    models.Q(("seal_digest", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="proposals_collective_seal_is_of_a_text",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CountersignChange",
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
                                to="proposals.countersign",
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
                                name="proposals_countersignchange_by_or_job",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                ),
                                name="proposals_countersignchange_behalf_has_scan",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FilingListChange",
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
                                to="proposals.filinglist",
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
                                name="proposals_filinglistchange_by_or_job",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                ),
                                name="proposals_filinglistchange_behalf_has_scan",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FilingRow",
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
                            "result",
                            models.CharField(
                                choices=[
                                    ("file", "立案"),
                                    ("merge", "并案"),
                                    ("refuse", "不予立案"),
                                ],
                                max_length=10,
                                verbose_name="拟审查结果",
                            ),
                        ),
                        (
                            "note",
                            models.CharField(blank=True, max_length=500, verbose_name="审查意见"),
                        ),
                        (
                            "is_open",
                            models.BooleanField(
                                default=True, editable=False, verbose_name="待办理"
                            ),
                        ),
                        (
                            "done_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="办理时间"
                            ),
                        ),
                        (
                            "told",
                            models.CharField(
                                blank=True,
                                editable=False,
                                max_length=500,
                                verbose_name="没有办理的原因",
                            ),
                        ),
                        (
                            "category",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.category",
                                verbose_name="类别",
                            ),
                        ),
                        (
                            "destination",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.destination",
                                verbose_name="去向",
                            ),
                        ),
                        (
                            "joint",
                            models.ManyToManyField(
                                blank=True,
                                related_name="+",
                                to="members.unit",
                                verbose_name="拟会办单位",
                            ),
                        ),
                        (
                            "lead",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="members.unit",
                                verbose_name="拟主办单位",
                            ),
                        ),
                        (
                            "listed",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rows",
                                to="proposals.filinglist",
                            ),
                        ),
                        (
                            "main",
                            models.ForeignKey(
                                blank=True,
                                limit_choices_to={
                                    "status__in": [
                                        "submitted",
                                        "reviewing",
                                        "filed",
                                        "preassigned",
                                        "assigned",
                                        "handling",
                                    ]
                                },
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.proposal",
                                verbose_name="并入哪一件",
                            ),
                        ),
                        (
                            "proposal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="filing_rows",
                                to="proposals.proposal",
                                verbose_name="提案",
                            ),
                        ),
                        (
                            "refusal_reason",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.refusalreason",
                                verbose_name="不予立案的理由",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "清单中的提案",
                        "verbose_name_plural": "清单中的提案",
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("listed", "proposal"), name="proposals_listed_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("is_open", True)),
                                fields=("proposal",),
                                name="proposals_on_one_open_list",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("done_at__isnull", True), ("is_open", False), _connector="OR"
                                ),
                                name="proposals_listed_done_waits_no_more",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("result", "file"), _negated=True),
                                    ("category__isnull", False),
                                    _connector="OR",
                                ),
                                name="proposals_listed_to_file_has_category",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("result", "refuse"), _negated=True),
                                    models.Q(
                                        ("destination__isnull", False),
                                        ("refusal_reason__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_listed_to_refuse_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("result", "merge"), _negated=True),
                                    models.Q(
                                        ("main__isnull", False),
                                        models.Q(("main", models.F("proposal")), _negated=True),
                                        models.Q(("note", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_listed_to_merge_names_main",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportedProposal",
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
                        ("sheet", models.CharField(max_length=120, verbose_name="工作表或文件")),
                        ("row", models.PositiveIntegerField(default=0, verbose_name="行")),
                        ("digest", models.CharField(db_index=True, max_length=64)),
                        ("text_digest", models.CharField(max_length=64)),
                        (
                            "submit_as_of",
                            models.DateTimeField(blank=True, null=True, verbose_name="待提交"),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="office.attachment",
                            ),
                        ),
                        (
                            "proposal",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="imported",
                                to="proposals.proposal",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rows",
                                to="proposals.proposalimport",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "导入的提案",
                        "verbose_name_plural": "导入的提案",
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="KeyMarkChange",
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
                                to="proposals.keymark",
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
                                name="proposals_keymarkchange_by_or_job",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                ),
                                name="proposals_keymarkchange_behalf_has_scan",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LeadingOfficial",
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
                        ("name", models.CharField(max_length=30, verbose_name="姓名")),
                        ("post", models.CharField(max_length=60, verbose_name="职务")),
                        (
                            "mark",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="officials",
                                to="proposals.keymark",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="members.person",
                                verbose_name="人员",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "督办领导",
                        "verbose_name_plural": "督办领导",
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("name", ""), _negated=True),
                                    models.Q(("post", ""), _negated=True),
                                ),
                                name="proposals_official_has_name_and_post",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProposalImportChange",
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
                                to="proposals.proposalimport",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["at", "pk"],
                        "abstract": False,
                        "default_permissions": (),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("by__isnull", False), ("job", "")),
                                    models.Q(
                                        ("by__isnull", True), models.Q(("job", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_proposalimportchange_by_or_job",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                ),
                                name="proposals_proposalimportchange_behalf_has_scan",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReviewOpinion",
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
                            "result",
                            models.CharField(
                                choices=[
                                    ("file", "立案"),
                                    ("return", "退回修改"),
                                    ("refuse", "不予立案"),
                                    ("convert", "转社情民意"),
                                    ("merge", "并案"),
                                ],
                                max_length=10,
                                verbose_name="建议结果",
                            ),
                        ),
                        ("note", models.TextField(blank=True, verbose_name="说明")),
                        (
                            "at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="时间"
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="审查人",
                            ),
                        ),
                        (
                            "category",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.category",
                                verbose_name="类别",
                            ),
                        ),
                        (
                            "destination",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.destination",
                                verbose_name="去向",
                            ),
                        ),
                        (
                            "joint",
                            models.ManyToManyField(
                                blank=True,
                                related_name="+",
                                to="members.unit",
                                verbose_name="拟会办单位",
                            ),
                        ),
                        (
                            "lead",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="members.unit",
                                verbose_name="拟主办单位",
                            ),
                        ),
                        (
                            "main",
                            models.ForeignKey(
                                blank=True,
                                limit_choices_to={
                                    "status__in": [
                                        "submitted",
                                        "reviewing",
                                        "filed",
                                        "preassigned",
                                        "assigned",
                                        "handling",
                                    ]
                                },
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.proposal",
                                verbose_name="并入哪一件",
                            ),
                        ),
                        (
                            "proposal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="opinions",
                                to="proposals.proposal",
                                verbose_name="提案",
                            ),
                        ),
                        (
                            "refusal_reason",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.refusalreason",
                                verbose_name="不予立案的理由",
                            ),
                        ),
                        (
                            "text",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.textversion",
                            ),
                        ),
                        (
                            "stage",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="opinions",
                                to="proposals.reviewstage",
                                verbose_name="环节",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "审查意见",
                        "verbose_name_plural": "审查意见",
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("result", "file"), _negated=True),
                                    ("category__isnull", False),
                                    _connector="OR",
                                ),
                                name="proposals_opinion_to_file_names_category",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("result", "refuse"), _negated=True),
                                    models.Q(
                                        ("destination__isnull", False),
                                        ("refusal_reason__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_opinion_to_refuse_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("result", "merge"), _negated=True),
                                    models.Q(
                                        ("main__isnull", False),
                                        models.Q(("main", models.F("proposal")), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_opinion_to_merge_names_main",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SupervisionEntry",
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
                        ("on", models.DateField(verbose_name="日期")),
                        ("took_part", models.CharField(max_length=300, verbose_name="参加人员")),
                        ("said", models.TextField(verbose_name="督办情况")),
                        (
                            "undertook",
                            models.TextField(blank=True, verbose_name="承办单位的承诺和下一步安排"),
                        ),
                        ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "proposal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="supervision",
                                to="proposals.proposal",
                                verbose_name="提案",
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
                            "way",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.supervisionway",
                                verbose_name="督办形式",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "督办记录",
                        "verbose_name_plural": "督办记录",
                        "ordering": ["-on", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("took_part", ""), _negated=True),
                                    models.Q(("said", ""), _negated=True),
                                ),
                                name="proposals_supervision_is_whole",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UnitConsultationChange",
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
                                to="proposals.unitconsultation",
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
                                name="proposals_unitconsultationchange_by_or_job",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                ),
                                name="proposals_unitconsultationchange_behalf_has_scan",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AdoptionRecord",
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
                            "level",
                            models.CharField(
                                choices=[
                                    ("district", "区级"),
                                    ("city", "市级"),
                                    ("province", "省级"),
                                    ("nation", "国家级"),
                                ],
                                max_length=10,
                                verbose_name="层级",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("single", "单篇采用"),
                                    ("combined", "综合采用"),
                                    ("forwarded", "转送"),
                                    ("struck", "误登，撤销"),
                                ],
                                max_length=10,
                                verbose_name="采用方式",
                            ),
                        ),
                        ("adopter", models.CharField(max_length=80, verbose_name="采用单位")),
                        ("adopted_on", models.DateField(verbose_name="采用日期")),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                        (
                            "recorded_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="登记时间"
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="登记人",
                            ),
                        ),
                        (
                            "replaces",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaced_by",
                                to="proposals.adoptionrecord",
                                verbose_name="更正的记录",
                            ),
                        ),
                        (
                            "bulletin",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="adoptions",
                                to="proposals.bulletin",
                                verbose_name="刊物",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "社情民意采用",
                        "verbose_name_plural": "社情民意采用",
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("adopter", ""), _negated=True),
                                name="proposals_adoption_names_adopter",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "struck"), _negated=True),
                                    models.Q(
                                        ("replaces__isnull", False),
                                        models.Q(("note", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_adoption_struck_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Bulletin",
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
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("year", models.PositiveIntegerField(verbose_name="年度")),
                        ("number", models.PositiveIntegerField(verbose_name="期号")),
                        (
                            "kind",
                            models.CharField(
                                choices=[("single", "单篇"), ("combined", "综合")],
                                max_length=10,
                                verbose_name="种类",
                            ),
                        ),
                        ("issued_on", models.DateField(verbose_name="印发日期")),
                        (
                            "issued_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="印发人",
                            ),
                        ),
                        (
                            "signer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="members.person",
                                verbose_name="签发领导",
                            ),
                        ),
                        (
                            "text",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="bulletin",
                                to="proposals.opiniontext",
                                verbose_name="文稿",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "社情民意刊物",
                        "verbose_name_plural": "社情民意刊物",
                        "ordering": ["-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("year", "number"), name="proposals_bulletin_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OpinionDispatch",
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
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("sent", "已报送"),
                                    ("waiting", "待签收"),
                                    ("acknowledged", "办理中"),
                                    ("return_asked", "申请退办·待决定"),
                                    ("answered", "已答复"),
                                    ("rehanded", "已改办"),
                                    ("ended", "已终止"),
                                ],
                                default="sent",
                                editable=False,
                                max_length=12,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "target",
                            models.CharField(
                                choices=[
                                    ("upper", "上级政协"),
                                    ("leader", "领导"),
                                    ("unit", "单位"),
                                    ("supervision", "督查室"),
                                ],
                                max_length=12,
                                verbose_name="报送",
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=60, verbose_name="名称")),
                        ("sent_on", models.DateField(verbose_name="报送日期")),
                        (
                            "due_on",
                            models.DateField(
                                blank=True, editable=False, null=True, verbose_name="答复期限"
                            ),
                        ),
                        ("answer", models.TextField(blank=True, verbose_name="答复")),
                        (
                            "answered_on",
                            models.DateField(blank=True, null=True, verbose_name="答复日期"),
                        ),
                        (
                            "bulletin",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="dispatches",
                                to="proposals.bulletin",
                                verbose_name="刊物",
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
                                verbose_name="领导",
                            ),
                        ),
                        (
                            "paper",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="office.attachment",
                                verbose_name="答复的扫描件",
                            ),
                        ),
                        (
                            "sent_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="报送人",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="opinion_dispatches",
                                to="members.unit",
                                verbose_name="单位",
                            ),
                        ),
                        (
                            "acknowledged_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="签收时间"
                            ),
                        ),
                        (
                            "handed_over_on",
                            models.DateField(
                                blank=True, editable=False, null=True, verbose_name="交办日期"
                            ),
                        ),
                        (
                            "rehanded_to",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="members.unit",
                                verbose_name="改办至",
                            ),
                        ),
                        (
                            "return_request",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.unitrequest",
                            ),
                        ),
                        (
                            "sign_in_due_on",
                            models.DateField(
                                blank=True, editable=False, null=True, verbose_name="签收期限"
                            ),
                        ),
                        (
                            "result",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.opinionresult",
                                verbose_name="办理结果",
                            ),
                        ),
                        (
                            "with_files",
                            models.BooleanField(default=False, verbose_name="附件一并报送"),
                        ),
                    ],
                    options={
                        "verbose_name": "社情民意报送",
                        "verbose_name_plural": "社情民意报送",
                        "ordering": ["sent_on", "pk"],
                        "indexes": [
                            models.Index(fields=["status", "due_on"], name="proposals_dispatch_due")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("leader__isnull", True),
                                        ("target", "unit"),
                                        ("unit__isnull", False),
                                    ),
                                    models.Q(
                                        ("leader__isnull", False),
                                        ("target", "leader"),
                                        ("unit__isnull", True),
                                    ),
                                    models.Q(
                                        ("leader__isnull", True),
                                        ("target", "leader"),
                                        ("unit__isnull", True),
                                        models.Q(("name", ""), _negated=True),
                                    ),
                                    models.Q(
                                        ("leader__isnull", True),
                                        ("target", "upper"),
                                        ("unit__isnull", True),
                                        models.Q(("name", ""), _negated=True),
                                    ),
                                    models.Q(
                                        ("leader__isnull", True),
                                        ("target", "supervision"),
                                        ("unit__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_dispatch_has_receiver",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "answered"), _negated=True),
                                    models.Q(
                                        models.Q(("answer", ""), _negated=True),
                                        ("answered_on__isnull", False),
                                        ("target", "unit"),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_dispatch_is_answered",
                            ),
                            models.UniqueConstraint(
                                fields=("bulletin", "leader"), name="proposals_dispatch_leader_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("leader__isnull", True), ("unit__isnull", True)
                                ),
                                fields=("bulletin", "target", "name"),
                                name="proposals_dispatch_name_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ["sent", "answered"]),
                                    models.Q(
                                        ("due_on__isnull", False),
                                        ("handed_over_on__isnull", False),
                                        ("sign_in_due_on__isnull", False),
                                        ("target", "unit"),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_dispatch_is_handed_over",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "sent"), _negated=True),
                                    ("handed_over_on__isnull", True),
                                    _connector="OR",
                                ),
                                name="proposals_dispatch_sent_is_not_handled",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "acknowledged"), _negated=True),
                                    ("acknowledged_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="proposals_dispatch_handled_was_received",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "answered"), _negated=True),
                                    ("handed_over_on__isnull", True),
                                    models.Q(
                                        ("acknowledged_at__isnull", False),
                                        ("result__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_dispatch_handled_has_result",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "return_asked"), _negated=True),
                                    ("return_request__isnull", False),
                                    _connector="OR",
                                ),
                                name="proposals_dispatch_return_is_asked_for",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "rehanded"), _negated=True),
                                    ("rehanded_to__isnull", False),
                                    _connector="OR",
                                ),
                                name="proposals_dispatch_rehanded_to_one",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("status", "rehanded"), _negated=True),
                                fields=("bulletin", "unit"),
                                name="proposals_dispatch_unit_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OpinionDispatchChange",
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
                                to="proposals.opiniondispatch",
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
                                name="proposals_opiniondispatchchange_by_or_job",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                ),
                                name="proposals_opiniondispatchchange_behalf_has_scan",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OpinionAuthor",
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
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                        (
                            "informant",
                            models.CharField(blank=True, max_length=40, verbose_name="信息员姓名"),
                        ),
                        (
                            "workplace",
                            models.CharField(blank=True, max_length=80, verbose_name="单位"),
                        ),
                        (
                            "body",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="opinions",
                                to="members.body",
                                verbose_name="组织",
                            ),
                        ),
                        (
                            "membership",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="opinions",
                                to="members.membership",
                                verbose_name="委员",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="opinions",
                                to="members.person",
                                verbose_name="信息员",
                            ),
                        ),
                        (
                            "report",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="authors",
                                to="proposals.opinionreport",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "社情民意作者",
                        "verbose_name_plural": "社情民意作者",
                        "ordering": ["order"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("body__isnull", True),
                                        ("informant", ""),
                                        ("membership__isnull", False),
                                        ("person__isnull", True),
                                    ),
                                    models.Q(
                                        ("body__isnull", False),
                                        ("informant", ""),
                                        ("membership__isnull", True),
                                        ("person__isnull", True),
                                    ),
                                    models.Q(
                                        ("body__isnull", True),
                                        ("informant", ""),
                                        ("membership__isnull", True),
                                        ("person__isnull", False),
                                    ),
                                    models.Q(
                                        ("body__isnull", True),
                                        ("membership__isnull", True),
                                        ("person__isnull", True),
                                        models.Q(("informant", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_opinion_author_is_one",
                            ),
                            models.UniqueConstraint(
                                fields=("report", "order"), name="proposals_opinion_author"
                            ),
                            models.UniqueConstraint(
                                fields=("report", "membership"),
                                name="proposals_opinion_member_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OpinionReport",
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
                                    ("draft", "草稿"),
                                    ("submitted", "已提交·待登记"),
                                    ("registered", "已登记·待选用"),
                                    ("returned", "退回修改"),
                                    ("selected", "已选用·待编辑"),
                                    ("combined", "已编入综合稿"),
                                    ("kept_back", "留存"),
                                    ("edited", "已编辑·待核稿"),
                                    ("checked", "已核稿·待签发"),
                                    ("signed", "已签发·待印发"),
                                    ("issued", "已印发"),
                                    ("archived", "已归档"),
                                    ("taken_out", "已移出"),
                                ],
                                default="draft",
                                max_length=12,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "title",
                            models.CharField(blank=True, max_length=200, verbose_name="标题"),
                        ),
                        ("situation", models.TextField(blank=True, verbose_name="情况")),
                        ("advice", models.TextField(blank=True, verbose_name="建议")),
                        (
                            "secrecy_confirmed",
                            models.BooleanField(default=False, verbose_name="已确认不涉密"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now,
                                editable=False,
                                verbose_name="建立时间",
                            ),
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
                                blank=True, editable=False, null=True, verbose_name="提交时间"
                            ),
                        ),
                        (
                            "year",
                            models.PositiveIntegerField(
                                blank=True, editable=False, null=True, verbose_name="登记年度"
                            ),
                        ),
                        (
                            "serial",
                            models.PositiveIntegerField(
                                blank=True, editable=False, null=True, verbose_name="登记号"
                            ),
                        ),
                        (
                            "bulletin",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reports",
                                to="proposals.bulletin",
                                verbose_name="刊物",
                            ),
                        ),
                        (
                            "checked_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="核稿",
                            ),
                        ),
                        (
                            "combined_into",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="combined",
                                to="proposals.opinionreport",
                                verbose_name="编入",
                            ),
                        ),
                        (
                            "edited_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="编辑",
                            ),
                        ),
                        (
                            "entered_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "from_proposal",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="opinion_report",
                                to="proposals.proposal",
                                verbose_name="来自提案",
                            ),
                        ),
                        (
                            "signer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="members.person",
                                verbose_name="签发领导",
                            ),
                        ),
                        (
                            "author_text",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.opiniontext",
                            ),
                        ),
                        (
                            "edited_text",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.opiniontext",
                            ),
                        ),
                        (
                            "theme",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reports",
                                to="proposals.suggestedtopic",
                                verbose_name="年度选题",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "社情民意信息",
                        "verbose_name_plural": "社情民意信息",
                        "ordering": ["-pk"],
                        "permissions": [
                            ("handle_opinionreport", "登记、选用、报送社情民意"),
                            ("edit_opinionreport", "编辑社情民意"),
                            ("check_opinionreport", "核稿社情民意"),
                            ("sign_opinionreport", "签发社情民意"),
                            ("issue_opinionreport", "印发社情民意"),
                            ("take_out_opinionreport", "移出涉密嫌疑社情民意"),
                            ("view_committee_opinions", "查看本专委会委员的社情民意"),
                            ("read_sent_opinions", "查看报送督查室的社情民意"),
                        ],
                        "indexes": [
                            models.Index(fields=["status", "-id"], name="proposals_opinion_newest")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("year", "serial"), name="proposals_opinion_serial"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ["draft", "returned", "submitted", "taken_out"]),
                                    models.Q(("serial__isnull", False), ("year__isnull", False)),
                                    _connector="OR",
                                ),
                                name="proposals_opinion_registered",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status__in", ["checked", "signed"]), _negated=True),
                                    models.Q(
                                        ("checked_by__isnull", False), ("signer__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_opinion_is_checked",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("checked_by__isnull", True),
                                    models.Q(("checked_by", models.F("edited_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="proposals_opinion_checked_by_other",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "combined"), _negated=True),
                                    ("combined_into__isnull", False),
                                    _connector="OR",
                                ),
                                name="proposals_opinion_combined_names",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("combined_into__isnull", True),
                                    models.Q(("combined_into", models.F("pk")), _negated=True),
                                    _connector="OR",
                                ),
                                name="proposals_opinion_into_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "issued"), _negated=True),
                                    ("bulletin__isnull", False),
                                    _connector="OR",
                                ),
                                name="proposals_opinion_issued_in_one",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("bulletin__isnull", True),
                                    ("status__in", ["issued", "archived", "taken_out"]),
                                    _connector="OR",
                                ),
                                name="proposals_opinion_bulletin_is_out",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ["draft", "returned", "taken_out"]),
                                    models.Q(
                                        ("author_text__isnull", False),
                                        ("secrecy_confirmed", True),
                                        ("submitted_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_opinion_handed_in",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("status__in", ["edited", "checked", "signed"]),
                                        _negated=True,
                                    ),
                                    models.Q(
                                        ("edited_by__isnull", False), ("edited_text__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_opinion_is_edited",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OpinionReportChange",
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
                                to="proposals.opinionreport",
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
                                name="proposals_opinionreportchange_by_or_job",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                ),
                                name="proposals_opinionreportchange_behalf_has_scan",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OpinionText",
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
                            "kind",
                            models.CharField(
                                choices=[("original", "作者原文"), ("edited", "编辑稿")],
                                max_length=10,
                                verbose_name="种类",
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(verbose_name="第几稿")),
                        ("title", models.CharField(max_length=200, verbose_name="标题")),
                        ("situation", models.TextField(verbose_name="情况")),
                        ("advice", models.TextField(verbose_name="建议")),
                        ("digest", models.CharField(max_length=64)),
                        (
                            "made_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="时间"
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="录入人",
                            ),
                        ),
                        (
                            "report",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="texts",
                                to="proposals.opinionreport",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "社情民意文稿",
                        "verbose_name_plural": "社情民意文稿",
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("report", "kind", "number"),
                                name="proposals_opinion_text_number",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PublicationChange",
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
                                to="proposals.publication",
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
                                name="proposals_publicationchange_by_or_job",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                ),
                                name="proposals_publicationchange_behalf_has_scan",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PublicationConsent",
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
                        ("is_entered", models.BooleanField(default=False, verbose_name="代录")),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "proposer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.proposer",
                                verbose_name="提案人",
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
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="members.unit",
                                verbose_name="承办单位",
                            ),
                        ),
                        (
                            "publication",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consents",
                                to="proposals.publication",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "同意公开",
                        "verbose_name_plural": "同意公开",
                        "ordering": ["at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("proposer__isnull", False), ("unit__isnull", True)),
                                    models.Q(("proposer__isnull", True), ("unit__isnull", False)),
                                    _connector="OR",
                                ),
                                name="proposals_consent_of_one_side",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_entered", False), ("scan__isnull", False), _connector="OR"
                                ),
                                name="proposals_entered_consent_has_scan",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Publication",
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
                                    ("waiting", "待公开"),
                                    ("public", "已公开"),
                                    ("internal", "不公开"),
                                    ("gone", "已移出"),
                                ],
                                default="waiting",
                                editable=False,
                                max_length=10,
                                verbose_name="公开状态",
                            ),
                        ),
                        (
                            "consented",
                            models.BooleanField(
                                default=False, editable=False, verbose_name="提案人提交时同意公开"
                            ),
                        ),
                        (
                            "secrecy_confirmed",
                            models.BooleanField(
                                default=False, editable=False, verbose_name="已确认不涉密"
                            ),
                        ),
                        (
                            "hints_confirmed",
                            models.BooleanField(
                                default=False, editable=False, verbose_name="提示已看过"
                            ),
                        ),
                        (
                            "published_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="公开时间"
                            ),
                        ),
                        (
                            "changed_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="最近公开时间"
                            ),
                        ),
                        (
                            "internal_since",
                            models.DateTimeField(blank=True, editable=False, null=True),
                        ),
                        (
                            "due_on",
                            models.DateField(
                                blank=True, editable=False, null=True, verbose_name="公开期限"
                            ),
                        ),
                        (
                            "proposal",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="publication",
                                to="proposals.proposal",
                                verbose_name="提案",
                            ),
                        ),
                        (
                            "consent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.publicationconsent",
                            ),
                        ),
                        (
                            "current",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.publicversion",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "提案公开",
                        "verbose_name_plural": "提案公开",
                        "ordering": ["-pk"],
                        "permissions": [
                            ("publish_proposal", "公开提案"),
                            ("unpublish_proposal", "取消公开提案"),
                        ],
                        "indexes": [
                            models.Index(
                                fields=["status", "-published_at", "-id"],
                                name="proposals_public_newest",
                            ),
                            models.Index(fields=["due_on", "id"], name="proposals_public_due"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "public"), _negated=True),
                                    ("consented", True),
                                    ("consent__isnull", False),
                                    _connector="OR",
                                ),
                                name="proposals_public_has_consent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "internal"), _negated=True),
                                    ("internal_since__isnull", False),
                                    _connector="OR",
                                ),
                                name="proposals_internal_since_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "public"), _negated=True),
                                    models.Q(
                                        ("changed_at__isnull", False),
                                        ("current__isnull", False),
                                        ("published_at__isnull", False),
                                        ("secrecy_confirmed", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_public_has_a_version",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status", "public"), ("current__isnull", True), _connector="OR"
                                ),
                                name="proposals_only_public_has_current",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PublicVersion",
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
                        ("number", models.PositiveSmallIntegerField(verbose_name="第几稿")),
                        ("title", models.CharField(max_length=200, verbose_name="案由")),
                        ("situation", models.TextField(blank=True, verbose_name="情况")),
                        ("analysis", models.TextField(blank=True, verbose_name="分析")),
                        ("suggestions", models.TextField(verbose_name="建议")),
                        ("digest", models.CharField(max_length=64)),
                        ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "based_on",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.textversion",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "publication",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="proposals.publication",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "公开稿",
                        "verbose_name_plural": "公开稿",
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("publication", "number"),
                                name="proposals_public_version_number",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PublicReply",
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
                            "openness",
                            models.CharField(
                                choices=[
                                    ("full", "全文公开"),
                                    ("summary", "摘要公开"),
                                    ("none", "不公开"),
                                ],
                                max_length=10,
                                verbose_name="公开属性",
                            ),
                        ),
                        ("text", models.TextField(blank=True, verbose_name="公开内容")),
                        (
                            "reply",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="public_versions",
                                to="proposals.reply",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replies",
                                to="proposals.publicversion",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "答复公开稿",
                        "verbose_name_plural": "答复公开稿",
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("version", "reply"), name="proposals_reply_in_version"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("openness", "none"), ("text", "")),
                                    models.Q(
                                        models.Q(("openness", "none"), _negated=True),
                                        models.Q(("text", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_public_reply_has_words",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EarlierRating",
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
                        ("attitude", models.CharField(max_length=20, verbose_name="办理态度")),
                        ("result", models.CharField(max_length=20, verbose_name="办理结果")),
                        (
                            "contacted",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("visit", "登门走访"),
                                    ("meeting", "座谈面商"),
                                    ("phone", "电话沟通"),
                                    ("other", "其他方式"),
                                    ("not_needed", "本人表示不必面商"),
                                    ("none", "没有沟通"),
                                ],
                                max_length=10,
                                verbose_name="沟通方式",
                            ),
                        ),
                        (
                            "to_the_point",
                            models.CharField(
                                blank=True,
                                choices=[("yes", "是"), ("basically", "基本是"), ("no", "否")],
                                max_length=10,
                                verbose_name="是否对题",
                            ),
                        ),
                        ("text", models.TextField(blank=True, verbose_name="意见")),
                        ("answered_at", models.DateTimeField(verbose_name="评价时间")),
                        (
                            "replaced_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="修改时间"
                            ),
                        ),
                        (
                            "evaluation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="earlier",
                                to="proposals.evaluation",
                            ),
                        ),
                        (
                            "attitude_name",
                            models.CharField(blank=True, max_length=120, verbose_name="办理态度"),
                        ),
                        (
                            "result_name",
                            models.CharField(blank=True, max_length=120, verbose_name="办理结果"),
                        ),
                    ],
                    options={
                        "verbose_name": "修改前的评价",
                        "verbose_name_plural": "修改前的评价",
                        "ordering": ["-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="FollowUp",
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
                        ("on", models.DateField(verbose_name="日期")),
                        ("text", models.TextField(verbose_name="内容")),
                        ("said_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "behalf",
                            models.CharField(blank=True, max_length=120, verbose_name="代录对象"),
                        ),
                        (
                            "document_number",
                            models.CharField(blank=True, max_length=60, verbose_name="文号"),
                        ),
                        (
                            "signer",
                            models.CharField(blank=True, max_length=30, verbose_name="签发人"),
                        ),
                        (
                            "reply",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="follow_ups",
                                to="proposals.reply",
                            ),
                        ),
                        (
                            "result_class",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.resultclass",
                                verbose_name="现类别",
                            ),
                        ),
                        (
                            "said_by",
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
                            ),
                        ),
                        (
                            "signer_post",
                            models.CharField(blank=True, max_length=60, verbose_name="签发人职务"),
                        ),
                    ],
                    options={
                        "verbose_name": "跟踪答复",
                        "verbose_name_plural": "跟踪答复",
                        "ordering": ["on", "pk"],
                        "abstract": False,
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("text", ""), _negated=True),
                                    models.Q(
                                        ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                    ),
                                ),
                                name="proposals_followup_is_whole",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProgressNote",
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
                        ("on", models.DateField(verbose_name="日期")),
                        ("text", models.TextField(verbose_name="内容")),
                        ("said_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "behalf",
                            models.CharField(blank=True, max_length=120, verbose_name="代录对象"),
                        ),
                        (
                            "commitment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="progress",
                                to="members.commitment",
                            ),
                        ),
                        (
                            "said_by",
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
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "承诺进展",
                        "verbose_name_plural": "承诺进展",
                        "ordering": ["on", "pk"],
                        "abstract": False,
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("text", ""), _negated=True),
                                    models.Q(
                                        ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                    ),
                                ),
                                name="proposals_progressnote_is_whole",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalOpinionResult",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "code",
                            models.CharField(db_index=True, max_length=20, verbose_name="代码"),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="名称")),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                        ("active", models.BooleanField(default=True, verbose_name="在用")),
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
                        "verbose_name": "historical 社情民意办理结果",
                        "verbose_name_plural": "historical 社情民意办理结果",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="OpinionContact",
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
                            "way",
                            models.CharField(
                                choices=[
                                    ("visit", "登门走访"),
                                    ("meeting", "座谈面商"),
                                    ("phone", "电话"),
                                    ("other", "其他方式"),
                                    ("not_needed", "提案人表示不必面商"),
                                ],
                                max_length=10,
                                verbose_name="方式",
                            ),
                        ),
                        ("on", models.DateField(verbose_name="日期")),
                        ("summary", models.TextField(verbose_name="沟通情况")),
                        ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="contacts",
                                to="proposals.opinionauthor",
                                verbose_name="作者",
                            ),
                        ),
                        (
                            "dispatch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="contacts",
                                to="proposals.opiniondispatch",
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
                    ],
                    options={
                        "verbose_name": "社情民意沟通记录",
                        "verbose_name_plural": "社情民意沟通记录",
                        "ordering": ["on", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("summary", ""), _negated=True),
                                name="proposals_opinion_contact_says_what",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OpinionResult",
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
                        ("code", models.CharField(max_length=20, unique=True, verbose_name="代码")),
                        ("name", models.CharField(max_length=120, verbose_name="名称")),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                        ("active", models.BooleanField(default=True, verbose_name="在用")),
                    ],
                    options={
                        "verbose_name": "社情民意办理结果",
                        "verbose_name_plural": "社情民意办理结果",
                        "ordering": ["order", "pk"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Seconding",
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
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("standing", "已附议"),
                                    ("taken_back", "已收回"),
                                    ("lapsed", "文字改动后失效"),
                                ],
                                default="standing",
                                max_length=12,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "remark",
                            models.CharField(blank=True, max_length=300, verbose_name="附言"),
                        ),
                        (
                            "seconded_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="附议时间"
                            ),
                        ),
                        (
                            "membership",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="seconded",
                                to="members.membership",
                                verbose_name="附议委员",
                            ),
                        ),
                        (
                            "proposal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="secondings",
                                to="proposals.proposal",
                                verbose_name="提案",
                            ),
                        ),
                        (
                            "text",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.textversion",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "附议",
                        "verbose_name_plural": "附议",
                        "ordering": ["seconded_at", "pk"],
                        "default_permissions": (),
                        "indexes": [
                            models.Index(
                                fields=["membership", "status", "proposal"],
                                name="proposals_seconded_by",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("proposal", "membership"),
                                name="proposals_member_seconds_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SecondingChange",
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
                                to="proposals.seconding",
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
                                name="proposals_secondingchange_by_or_job",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                ),
                                name="proposals_secondingchange_behalf_has_scan",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SupervisionMeeting",
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
                            models.CharField(
                                blank=True, max_length=500, verbose_name="没有报告的单位"
                            ),
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
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("presides", ""), _negated=True),
                                    models.Q(("agenda", ""), _negated=True),
                                ),
                                name="proposals_meeting_has_chair_and_agenda",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("status__in", ["notified", "open", "held"]), _negated=True
                                    ),
                                    ("notified_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="proposals_meeting_was_notified",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "held"), _negated=True),
                                    models.Q(
                                        ("held_at__isnull", False),
                                        models.Q(("said", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_held_meeting_is_recorded",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "held"), _negated=True),
                                    ("missing_units", ""),
                                    models.Q(("without_reports", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="proposals_held_without_reports_says_why",
                                violation_error_message="缺少进展报告时，须写明仍然召开的理由。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MeetingResult",
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
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("what", ""), _negated=True),
                                    models.Q(("who", ""), _negated=True),
                                ),
                                name="proposals_result_says_what_and_who",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MeetingReport",
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
                        (
                            "signer",
                            models.CharField(blank=True, max_length=60, verbose_name="报告人"),
                        ),
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
                        "indexes": [
                            models.Index(fields=["status", "due_on"], name="proposals_report_due")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("meeting", "handling"),
                                name="proposals_report_once_a_meeting",
                            ),
                            models.CheckConstraint(
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
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MeetingMatter",
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
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("meeting", "proposal"),
                                name="proposals_matter_once_a_meeting",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SupervisionMeetingChange",
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
                                to="proposals.supervisionmeeting",
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
                                name="proposals_supervisionmeetingchange_by_or_job",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                ),
                                name="proposals_supervisionmeetingchange_behalf_has_scan",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MeetingReportChange",
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
                                    models.Q(
                                        ("by__isnull", True), models.Q(("job", ""), _negated=True)
                                    ),
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
                migrations.CreateModel(
                    name="FurtherBody",
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
                            "contact_name",
                            models.CharField(blank=True, max_length=30, verbose_name="联系人"),
                        ),
                        (
                            "contact_phone",
                            cppcc_portal.office.personal.EncryptedTextField(
                                blank=True, verbose_name="联系电话"
                            ),
                        ),
                        (
                            "seal_digest",
                            models.CharField(blank=True, editable=False, max_length=64),
                        ),
                        ("needs_seal", models.BooleanField(default=False, editable=False)),
                        (
                            "submitted_at",
                            models.DateTimeField(blank=True, editable=False, null=True),
                        ),
                        ("version", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "left_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="不再联合提出"
                            ),
                        ),
                        (
                            "body",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="puts_with_others",
                                to="members.body",
                                verbose_name="联合提出的组织",
                            ),
                        ),
                        (
                            "kind",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="proposals.proposerkind",
                                verbose_name="提案者类别",
                            ),
                        ),
                        (
                            "proposal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="further_bodies",
                                to="proposals.proposal",
                            ),
                        ),
                        (
                            "seal",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="office.attachment",
                                verbose_name="盖章扫描件",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "联合提出的组织",
                        "verbose_name_plural": "联合提出的组织",
                        "ordering": ["pk"],
                        "abstract": False,
                        "default_permissions": (),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("submitted_at__isnull", True),
                                    models.Q(
                                        models.Q(("contact_name", ""), _negated=True),
                                        models.Q(
                                            ("needs_seal", False),
                                            ("seal__isnull", False),
                                            _connector="OR",
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_furtherbody_is_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("submitted_at__isnull", True),
                                    ("seal__isnull", True),
                                    models.Q(("seal_digest", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="proposals_furtherbody_seal_is_of_a_text",
                            ),
                            models.UniqueConstraint(
                                fields=("proposal", "body"), name="proposals_further_body_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ClosedYear",
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
                        (
                            "status",
                            models.CharField(
                                choices=[("closed", "已年结"), ("reopened", "重新开放")],
                                default="closed",
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        ("closed_at", models.DateTimeField(verbose_name="年结时间")),
                        (
                            "reopened_by_whom",
                            models.CharField(blank=True, max_length=60, verbose_name="批准领导"),
                        ),
                        (
                            "reopened_for",
                            models.CharField(
                                blank=True, max_length=300, verbose_name="重新开放的事由"
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
                            "plenary",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="closed_year",
                                to="members.plenary",
                                verbose_name="届次",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "年结",
                        "verbose_name_plural": "年结",
                        "ordering": ["-plenary__term__number", "-plenary__number"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "reopened"), _negated=True),
                                    models.Q(
                                        models.Q(("reopened_by_whom", ""), _negated=True),
                                        models.Q(("reopened_for", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposals_reopened_year_is_named",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ClosedYearChange",
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
                                to="proposals.closedyear",
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
                                name="proposals_closedyearchange_by_or_job",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                ),
                                name="proposals_closedyearchange_behalf_has_scan",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HistoricalRatingGrade",
                    fields=[
                        (
                            "id",
                            models.BigIntegerField(
                                auto_created=True, blank=True, db_index=True, verbose_name="ID"
                            ),
                        ),
                        (
                            "code",
                            models.CharField(db_index=True, max_length=20, verbose_name="代码"),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="名称")),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                        ("active", models.BooleanField(default=True, verbose_name="在用")),
                        (
                            "is_satisfied",
                            models.BooleanField(
                                default=False,
                                help_text="统计满意率时算作满意。",
                                verbose_name="计为满意",
                            ),
                        ),
                        (
                            "needs_reason",
                            models.BooleanField(
                                default=False,
                                help_text="选这一档时必须写明理由，并会提请重新办理。",
                                verbose_name="须写明理由",
                            ),
                        ),
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
                        "verbose_name": "historical 评价等次",
                        "verbose_name_plural": "historical 评价等次",
                        "ordering": ("-history_date", "-history_id"),
                        "get_latest_by": ("history_date", "history_id"),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name="RatingGrade",
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
                        ("code", models.CharField(max_length=20, unique=True, verbose_name="代码")),
                        ("name", models.CharField(max_length=120, verbose_name="名称")),
                        ("order", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                        ("active", models.BooleanField(default=True, verbose_name="在用")),
                        (
                            "is_satisfied",
                            models.BooleanField(
                                default=False,
                                help_text="统计满意率时算作满意。",
                                verbose_name="计为满意",
                            ),
                        ),
                        (
                            "needs_reason",
                            models.BooleanField(
                                default=False,
                                help_text="选这一档时必须写明理由，并会提请重新办理。",
                                verbose_name="须写明理由",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "评价等次",
                        "verbose_name_plural": "评价等次",
                        "ordering": ["order", "pk"],
                        "abstract": False,
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_satisfied", False),
                                    ("needs_reason", False),
                                    _connector="OR",
                                ),
                                name="proposals_grade_means_one_thing",
                                violation_error_message="同一档不能既计为满意，又须写明理由提请重新办理。",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OpinionInvitation",
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
                        "indexes": [
                            models.Index(
                                fields=["membership", "status"], name="proposals_opinion_invited"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("report", "membership"),
                                name="proposals_opinion_invited_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("status__in", ["agreed", "declined", "left"]),
                                        _negated=True,
                                    ),
                                    ("answered_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="proposals_opinion_invitee_answered",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OpinionInvitationChange",
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
                                to="proposals.opinioninvitation",
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
                                name="proposals_opinioninvitationchange_by_or_job",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("behalf", ""), ("scan__isnull", False), _connector="OR"
                                ),
                                name="proposals_opinioninvitationchange_behalf_has_scan",
                            ),
                        ],
                    },
                ),
            ],
        ),
        migrations.RunPython(lay_grades, migrations.RunPython.noop),
        migrations.RunPython(install, remove),
    ]
