import cppcc_portal.office.personal
import django.db.models.deletion
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("members", "0005_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "body_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="members.body",
                    ),
                ),
            ],
            options={
                "verbose_name": "党派团体和小组",
                "verbose_name_plural": "党派团体和小组",
            },
            bases=("members.body",),
        ),
        migrations.CreateModel(
            name="HistoricalOrganisation",
            fields=[
                (
                    "body_ptr",
                    models.ForeignKey(
                        auto_created=True,
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        parent_link=True,
                        related_name="+",
                        to="members.body",
                    ),
                ),
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("office", "机关"),
                            ("committee", "专委会"),
                            ("sector", "界别"),
                            ("town", "镇街政协工委"),
                            ("unit", "承办单位"),
                            ("party", "党派"),
                            ("federation", "工商联"),
                            ("organisation", "人民团体"),
                            ("group", "委员小组"),
                        ],
                        editable=False,
                        max_length=20,
                        verbose_name="类别",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="名称")),
                ("short_name", models.CharField(blank=True, max_length=30, verbose_name="简称")),
                (
                    "initials",
                    cppcc_portal.office.personal.PinyinInitialsField(
                        blank=True,
                        db_index=True,
                        default="",
                        editable=False,
                        max_length=300,
                        source="name",
                        surname=False,
                    ),
                ),
                ("active", models.BooleanField(default=True, verbose_name="在用")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="次序")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="auth.group",
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
                "verbose_name": "historical 党派团体和小组",
                "verbose_name_plural": "historical 党派团体和小组",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AlterField(
            model_name="body",
            name="kind",
            field=models.CharField(
                choices=[
                    ("office", "机关"),
                    ("committee", "专委会"),
                    ("sector", "界别"),
                    ("town", "镇街政协工委"),
                    ("unit", "承办单位"),
                    ("party", "党派"),
                    ("federation", "工商联"),
                    ("organisation", "人民团体"),
                    ("group", "委员小组"),
                ],
                editable=False,
                max_length=20,
                verbose_name="类别",
            ),
        ),
        migrations.AlterField(
            model_name="historicalcommittee",
            name="kind",
            field=models.CharField(
                choices=[
                    ("office", "机关"),
                    ("committee", "专委会"),
                    ("sector", "界别"),
                    ("town", "镇街政协工委"),
                    ("unit", "承办单位"),
                    ("party", "党派"),
                    ("federation", "工商联"),
                    ("organisation", "人民团体"),
                    ("group", "委员小组"),
                ],
                editable=False,
                max_length=20,
                verbose_name="类别",
            ),
        ),
        migrations.AlterField(
            model_name="historicalposting",
            name="role",
            field=models.CharField(
                choices=[
                    ("chair", "主任"),
                    ("staff", "工作人员"),
                    ("convenor", "召集人"),
                    ("clerk", "经办人"),
                    ("leader", "负责人"),
                    ("principal", "主要负责人"),
                ],
                max_length=12,
                verbose_name="职责",
            ),
        ),
        migrations.AlterField(
            model_name="historicalsector",
            name="kind",
            field=models.CharField(
                choices=[
                    ("office", "机关"),
                    ("committee", "专委会"),
                    ("sector", "界别"),
                    ("town", "镇街政协工委"),
                    ("unit", "承办单位"),
                    ("party", "党派"),
                    ("federation", "工商联"),
                    ("organisation", "人民团体"),
                    ("group", "委员小组"),
                ],
                editable=False,
                max_length=20,
                verbose_name="类别",
            ),
        ),
        migrations.AlterField(
            model_name="historicaltowncommittee",
            name="kind",
            field=models.CharField(
                choices=[
                    ("office", "机关"),
                    ("committee", "专委会"),
                    ("sector", "界别"),
                    ("town", "镇街政协工委"),
                    ("unit", "承办单位"),
                    ("party", "党派"),
                    ("federation", "工商联"),
                    ("organisation", "人民团体"),
                    ("group", "委员小组"),
                ],
                editable=False,
                max_length=20,
                verbose_name="类别",
            ),
        ),
        migrations.AlterField(
            model_name="historicalunit",
            name="kind",
            field=models.CharField(
                choices=[
                    ("office", "机关"),
                    ("committee", "专委会"),
                    ("sector", "界别"),
                    ("town", "镇街政协工委"),
                    ("unit", "承办单位"),
                    ("party", "党派"),
                    ("federation", "工商联"),
                    ("organisation", "人民团体"),
                    ("group", "委员小组"),
                ],
                editable=False,
                max_length=20,
                verbose_name="类别",
            ),
        ),
        migrations.AlterField(
            model_name="posting",
            name="role",
            field=models.CharField(
                choices=[
                    ("chair", "主任"),
                    ("staff", "工作人员"),
                    ("convenor", "召集人"),
                    ("clerk", "经办人"),
                    ("leader", "负责人"),
                    ("principal", "主要负责人"),
                ],
                max_length=12,
                verbose_name="职责",
            ),
        ),
    ]
