from django.db import migrations, models

WAYS = [("video", "Video"), ("voice", "Voice"), ("text", "Text"), ("in_person", "In person")]
FIELDS = ("series_minutes", "series_way", "series_link")


def fill_in(apps, _schema_editor):
    """A session that nobody touched is as its series said it; for the others, take what their series says by now."""
    sessions = apps.get_model("checklist", "Session").objects.exclude(series=None).select_related("series")
    rows = list(sessions.exclude(series_number=None))
    for row in rows:
        row.series_minutes, row.series_way, row.series_link = _untouched(row) if row.sequence == 0 else _by_rule(row)
    sessions.model.objects.bulk_update(rows, FIELDS, batch_size=200)


def _untouched(row):
    return int((row.ends_at - row.starts_at).total_seconds() // 60), row.way, row.link


def _by_rule(row):
    series, after = row.series, row.series_number - row.series.opening + 1
    visit = series.way == "in_person" or after <= 0 or (series.every and after % series.every == 0)
    return series.minutes, "in_person" if visit else series.way, series.map_link if visit else series.link


class Migration(migrations.Migration):

    dependencies = [
        ("checklist", "0015_sharing_retention_erasure"),
    ]

    operations = [
        migrations.AddField(
            model_name="session",
            name="series_minutes",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="session",
            name="series_way",
            field=models.CharField(blank=True, choices=WAYS, max_length=9),
        ),
        migrations.AddField(
            model_name="session",
            name="series_link",
            field=models.URLField(blank=True, max_length=500),
        ),
        migrations.RunPython(fill_in, migrations.RunPython.noop, elidable=True),
    ]
