from django.db import migrations, models

KINDS = [
    ("confirm", "I'll be there"),
    ("move", "I'd like another time"),
    ("voice", "Rather by voice"),
    ("no_place", "No private place this time"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("checklist", "0007_said"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="handover",
            name="handed_at",
        ),
        migrations.AlterField(
            model_name="answer",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=8),
        ),
    ]
