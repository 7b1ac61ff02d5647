from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0005_append_only"),
    ]

    operations = [
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
