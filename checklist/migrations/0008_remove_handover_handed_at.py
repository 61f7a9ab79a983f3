from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("checklist", "0007_said"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="handover",
            name="handed_at",
        ),
    ]
