from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0007_supervision_talks"),
    ]

    operations = [
        migrations.AddField(
            model_name="dutyrecord",
            name="share",
            field=models.PositiveSmallIntegerField(default=100, verbose_name="计入比例（%）"),
        ),
        migrations.AlterField(
            model_name="dutyrecord",
            name="role",
            field=models.CharField(
                choices=[
                    ("chair", "主持"),
                    ("speaker", "发言"),
                    ("researcher", "调研"),
                    ("participant", "参加"),
                    ("author", "作者"),
                    ("coauthor", "共同作者"),
                ],
                max_length=12,
                verbose_name="身份",
            ),
        ),
        migrations.AddConstraint(
            model_name="dutyrecord",
            constraint=models.CheckConstraint(
                condition=models.Q(("share__lte", 100)), name="members_duty_share_is_percentage"
            ),
        ),
    ]
