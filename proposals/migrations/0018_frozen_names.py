"""Names, units and grades stand as they were on the day; a plenary year can be closed; themes of reports."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from cppcc_portal.office import triggers

DECIDED = [
    "filed", "preassigned", "assigned", "handling", "replied", "rehandling", "closed", "tracking",
    "archived", "revoked", "not_filed", "merged",
]  # fmt: skip
GRADES = (
    ("satisfied", "满意", True, False),
    ("basically", "基本满意", True, False),
    ("not", "不满意", False, True),
)
BATCH = 500


def keep_names(apps, schema_editor):
    """What was decided or sent before keeps the names of today: how they were called then was not written down."""
    Proposer = apps.get_model("proposals", "Proposer")
    rows = Proposer.objects.filter(status="agreed", proposal__status__in=DECIDED)
    rows = rows.values_list(
        "pk",
        "proposal__filed_at",
        "proposal__submitted_at",
        "proposal__created_at",
        "membership__person__name",
        "membership__person__workplace",
        "membership__person__post",
        "membership__person__party",
        "membership__sector__short_name",
        "membership__sector__name",
        "body__short_name",
        "body__name",
    )
    kept = []
    for key, filed, handed_in, begun, name, work, post, party, short, sector, body, whole in rows:
        kept.append(
            Proposer(
                pk=key,
                kept_at=filed or handed_in or begun,
                kept_name=name or body or whole,
                kept_full_name=name or whole,
                kept_sector=short or sector or "",
                kept_work=f"{work or ''} {post or ''}".strip(),
                kept_party=party or "",
            )
        )
    fields = ["kept_at", "kept_name", "kept_full_name", "kept_sector", "kept_work", "kept_party"]
    Proposer.objects.bulk_update(kept, fields, batch_size=BATCH)
    keep_units(apps, "Handling", "unit")
    keep_units(apps, "JointOpinion", "handling__unit")
    keep_units(apps, "Reply", "handling__unit", sent_at__isnull=False)


def keep_units(apps, model, unit, **only):
    rows = apps.get_model("proposals", model).objects.filter(**only)
    Unit = apps.get_model("members", "Unit")
    for key, short, name in Unit.objects.values_list("pk", "short_name", "name"):
        rows.filter(**{unit: key}).update(unit_name=short or name)


def lay_grades(apps, schema_editor):
    """The grades of before, as the list that the office may word anew, and their words on what was rated."""
    RatingGrade = apps.get_model("proposals", "RatingGrade")
    Evaluation = apps.get_model("proposals", "Evaluation")
    EarlierRating = apps.get_model("proposals", "EarlierRating")
    for order, (code, name, satisfied, reason) in enumerate(GRADES):
        RatingGrade.objects.create(
            code=code, name=name, order=order, is_satisfied=satisfied, needs_reason=reason
        )
        for half in ("attitude", "result"):
            for model in (Evaluation, EarlierRating):
                model.objects.filter(**{half: code}).update(**{f"{half}_name": name})
            if reason:
                Evaluation.objects.filter(**{half: code}).update(is_dissatisfied=True)


def check_now(apps, schema_editor):
    """PostgreSQL changes no table of which a row, written twice, still waits for its foreign keys to be checked."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def open_table(apps, schema_editor):
    triggers.remove(schema_editor, ["proposals_earlierrating"])


def shut_tables(apps, schema_editor):
    triggers.install(schema_editor, ["proposals_earlierrating", "proposals_closedyearchange"])


def reopen_tables(apps, schema_editor):
    triggers.remove(schema_editor, ["proposals_earlierrating", "proposals_closedyearchange"])


def shut_table(apps, schema_editor):
    triggers.install(schema_editor, ["proposals_earlierrating"])


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0007_supervision_talks"),
        ("office", "0006_shown_columns"),
        ("proposals", "0017_handling_marks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ClosedYear",
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
                    models.CharField(blank=True, max_length=300, verbose_name="重新开放的事由"),
                ),
            ],
            options={
                "verbose_name": "年结",
                "verbose_name_plural": "年结",
                "ordering": ["-plenary__term__number", "-plenary__number"],
            },
        ),
        migrations.CreateModel(
            name="ClosedYearChange",
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
        migrations.CreateModel(
            name="HistoricalRatingGrade",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(db_index=True, max_length=20, verbose_name="代码")),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                ("active", models.BooleanField(default=True, verbose_name="在用")),
                (
                    "is_satisfied",
                    models.BooleanField(
                        default=False, help_text="统计满意率时算作满意。", verbose_name="计为满意"
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
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="代码")),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                ("active", models.BooleanField(default=True, verbose_name="在用")),
                (
                    "is_satisfied",
                    models.BooleanField(
                        default=False, help_text="统计满意率时算作满意。", verbose_name="计为满意"
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
            },
        ),
        migrations.RunPython(open_table, shut_table),
        migrations.RemoveConstraint(
            model_name="evaluation",
            name="proposals_rating_has_both_halves",
        ),
        migrations.RemoveConstraint(
            model_name="evaluation",
            name="proposals_silence_is_no_rating",
        ),
        migrations.RemoveConstraint(
            model_name="evaluation",
            name="proposals_dissatisfied_says_why",
        ),
        migrations.RemoveConstraint(
            model_name="jointopinion",
            name="proposals_opinion_is_whole",
        ),
        migrations.RemoveConstraint(
            model_name="reply",
            name="proposals_sent_reply_is_whole",
        ),
        migrations.AddField(
            model_name="earlierrating",
            name="attitude_name",
            field=models.CharField(blank=True, max_length=120, verbose_name="办理态度"),
        ),
        migrations.AddField(
            model_name="earlierrating",
            name="result_name",
            field=models.CharField(blank=True, max_length=120, verbose_name="办理结果"),
        ),
        migrations.AddField(
            model_name="evaluation",
            name="attitude_name",
            field=models.CharField(blank=True, max_length=120, verbose_name="办理态度"),
        ),
        migrations.AddField(
            model_name="evaluation",
            name="is_dissatisfied",
            field=models.BooleanField(default=False, editable=False, verbose_name="不满意"),
        ),
        migrations.AddField(
            model_name="evaluation",
            name="result_name",
            field=models.CharField(blank=True, max_length=120, verbose_name="办理结果"),
        ),
        migrations.AddField(
            model_name="handling",
            name="unit_name",
            field=models.CharField(
                blank=True, editable=False, max_length=80, verbose_name="当时单位名称"
            ),
        ),
        migrations.AddField(
            model_name="jointopinion",
            name="unit_name",
            field=models.CharField(
                blank=True, editable=False, max_length=80, verbose_name="当时单位名称"
            ),
        ),
        migrations.AddField(
            model_name="opinionreport",
            name="theme",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reports",
                to="proposals.suggestedtopic",
                verbose_name="年度选题",
            ),
        ),
        migrations.AddField(
            model_name="proposer",
            name="kept_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="名称留存时间"
            ),
        ),
        migrations.AddField(
            model_name="proposer",
            name="kept_full_name",
            field=models.CharField(
                blank=True, editable=False, max_length=80, verbose_name="当时全称"
            ),
        ),
        migrations.AddField(
            model_name="proposer",
            name="kept_name",
            field=models.CharField(
                blank=True, editable=False, max_length=80, verbose_name="当时姓名或简称"
            ),
        ),
        migrations.AddField(
            model_name="proposer",
            name="kept_party",
            field=models.CharField(
                blank=True, editable=False, max_length=40, verbose_name="当时党派"
            ),
        ),
        migrations.AddField(
            model_name="proposer",
            name="kept_sector",
            field=models.CharField(
                blank=True, editable=False, max_length=80, verbose_name="当时界别"
            ),
        ),
        migrations.AddField(
            model_name="proposer",
            name="kept_work",
            field=models.CharField(
                blank=True, editable=False, max_length=250, verbose_name="当时工作单位及职务"
            ),
        ),
        migrations.AddField(
            model_name="reply",
            name="unit_name",
            field=models.CharField(
                blank=True, editable=False, max_length=80, verbose_name="当时单位名称"
            ),
        ),
        migrations.AddField(
            model_name="suggestedtopic",
            name="purpose",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="earlierrating",
            name="attitude",
            field=models.CharField(max_length=20, verbose_name="办理态度"),
        ),
        migrations.AlterField(
            model_name="earlierrating",
            name="result",
            field=models.CharField(max_length=20, verbose_name="办理结果"),
        ),
        migrations.AlterField(
            model_name="evaluation",
            name="attitude",
            field=models.CharField(blank=True, max_length=20, verbose_name="办理态度"),
        ),
        migrations.AlterField(
            model_name="evaluation",
            name="result",
            field=models.CharField(blank=True, max_length=20, verbose_name="办理结果"),
        ),
        migrations.RunPython(keep_names, migrations.RunPython.noop),
        migrations.RunPython(lay_grades, migrations.RunPython.noop),
        migrations.RunPython(check_now, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="evaluation",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="evaluation",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="evaluation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "answered"), _negated=True),
                    ("is_dissatisfied", False),
                    models.Q(("text", ""), _negated=True),
                    _connector="OR",
                ),
                name="proposals_dissatisfied_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="jointopinion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("text", ""), _negated=True),
                    models.Q(("signer", ""), _negated=True),
                    models.Q(("unit_name", ""), _negated=True),
                ),
                name="proposals_opinion_is_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposer",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddField(
            model_name="closedyear",
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
            model_name="closedyear",
            name="plenary",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="closed_year",
                to="members.plenary",
                verbose_name="届次",
            ),
        ),
        migrations.AddField(
            model_name="closedyearchange",
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
            model_name="closedyearchange",
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
            model_name="closedyearchange",
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
            model_name="closedyearchange",
            name="subject",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="changes",
                to="proposals.closedyear",
            ),
        ),
        migrations.AddField(
            model_name="historicalratinggrade",
            name="history_user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="ratinggrade",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_satisfied", False), ("needs_reason", False), _connector="OR"
                ),
                name="proposals_grade_means_one_thing",
                violation_error_message="同一档不能既计为满意，又须写明理由提请重新办理。",
            ),
        ),
        migrations.AddConstraint(
            model_name="closedyear",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "reopened"), _negated=True),
                    models.Q(
                        models.Q(("reopened_by_whom", ""), _negated=True),
                        models.Q(("reopened_for", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="proposals_reopened_year_is_named",
            ),
        ),
        migrations.AddConstraint(
            model_name="closedyearchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("by__isnull", False), ("job", "")),
                    models.Q(("by__isnull", True), models.Q(("job", ""), _negated=True)),
                    _connector="OR",
                ),
                name="proposals_closedyearchange_by_or_job",
            ),
        ),
        migrations.AddConstraint(
            model_name="closedyearchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("behalf", ""), ("scan__isnull", False), _connector="OR"),
                name="proposals_closedyearchange_behalf_has_scan",
            ),
        ),
        migrations.RunPython(shut_tables, reopen_tables),
    ]
