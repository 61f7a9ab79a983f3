from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("checklist", "0011_sharing_and_languages"),
    ]

    operations = [
        migrations.AddField(
            model_name="item",
            name="texts",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
