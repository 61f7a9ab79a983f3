"""The oracle of `bin/prove times` can be believed: it knows what people know, and sees mistakes (R11, R12)."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from checklist.pure import when
from checklist.pure.wishes import Wishes
from tests.proofs import _oracle, times

DAY = timedelta(days=1)
PLAIN = {"evening": 18 * 60, "hours": 2, "minutes": 10, "kinds": times.KINDS, "quiet": None}


@pytest.fixture(scope="module")
def spring():
    """New York around 8 March 2026, when 02:00 to 03:00 does not happen."""
    return _oracle.Walls("America/New_York", _oracle.minute(2026, 3, 1), _oracle.minute(2026, 3, 31))


@pytest.fixture(scope="module")
def autumn():
    """New York around 1 November 2026, when 01:00 to 02:00 happens twice."""
    return _oracle.Walls("America/New_York", _oracle.minute(2026, 10, 20), _oracle.minute(2026, 11, 20))


def told(walls, start, **wishes):
    """Return [ISO text] of the oracle's three times, in New York, for a session."""
    at, wishes = int(datetime.fromisoformat(start).timestamp()) // 60, {**PLAIN, **wishes}
    found = _oracle.shifted(walls, _oracle.plain(walls, at, wishes), wishes)
    local = [_oracle.instant(found[kind]).astimezone(ZoneInfo(walls.zone)) for kind in times.KINDS]
    return [at.isoformat(timespec="minutes") for at in local]


def test_its_table_has_each_change_at_its_minute(spring, autumn):
    assert [_oracle.instant(change).isoformat() for change in spring.changes + autumn.changes] == [
        "2026-03-08T07:00:00+00:00",
        "2026-11-01T06:00:00+00:00",
    ]


def test_r11_it_knows_the_hour_that_is_left_out(spring):
    assert told(spring, "2026-03-09T12:00-04:00", evening=150)[0] == "2026-03-08T03:30-04:00"
    assert told(spring, "2026-03-08T03:30-04:00") == [
        "2026-03-07T18:00-05:00",
        "2026-03-08T00:30-05:00",
        "2026-03-08T03:20-04:00",
    ]


def test_r11_it_knows_the_hour_that_comes_twice(autumn):
    assert told(autumn, "2026-11-02T12:00-05:00", evening=90)[0] == "2026-11-01T01:30-04:00"


def test_r12_it_knows_quiet_hours(spring, autumn):
    night = (22 * 60, 7 * 60)
    assert told(spring, "2026-03-08T08:00-04:00", quiet=night)[1] == "2026-03-07T21:59-05:00"
    assert told(autumn, "2026-11-01T07:05-05:00", quiet=night)[2] == "2026-10-31T21:59-04:00"
    assert told(autumn, "2026-11-01T01:20-05:00", quiet=(22 * 60, 90))[2] == "2026-11-01T01:59-04:00"


# Mistakes that people make


def naive_evening(start, wishes):
    """The offset of the session taken for that of the day before: an hour off at a change."""
    right, local = when.times(start, wishes), start.astimezone(ZoneInfo(wishes.zone))
    fixed = local.replace(tzinfo=None) - local.astimezone(UTC).replace(tzinfo=None)
    evening = datetime.combine(local.date() - DAY, wishes.evening, tzinfo=UTC) - fixed
    return {**right, when.DAY_BEFORE: evening} if when.DAY_BEFORE in right and not wishes.quiet else right


def quiet_by_subtracting(start, wishes):
    """Quiet hours left by taking hours off, as if no clock changed within them."""
    found = {}
    for kind, at in when.times(start, Wishes(**{**vars(wishes), "quiet": None})).items():
        shown = at.astimezone(ZoneInfo(wishes.zone)).time()
        quiet = at != when.earlier(at, wishes.quiet, wishes.zone)
        begin = wishes.quiet[0] if quiet else time()
        ago = timedelta(hours=shown.hour - begin.hour, minutes=shown.minute - begin.minute) % DAY
        found[kind] = at - ago - timedelta(minutes=1) if quiet else at
    return found


def on_the_border(start, wishes):
    """A minute late: at the moment when quiet hours begin."""
    right, plain = when.times(start, wishes), when.times(start, Wishes(**{**vars(wishes), "quiet": None}))
    return {kind: at if at == plain[kind] else at + timedelta(minutes=1) for kind, at in right.items()}


def dropped(start, wishes):
    """What falls into quiet hours is not told at all."""
    plain = when.times(start, Wishes(**{**vars(wishes), "quiet": None}))
    return {kind: at for kind, at in when.times(start, wishes).items() if at == plain[kind]}


@pytest.mark.parametrize("mistake", [naive_evening, quiet_by_subtracting, on_the_border, dropped])
def test_a_mistake_on_purpose_is_seen_and_printed_to_be_repeated(mistake, places, capsys):
    assert times.prove(2000, 1, mistake, places)["wrong"] > 5
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith("Case ")
    assert "when.times(datetime.datetime(" in first and "Wishes(zone='" in first


def as_if_never_quiet(due, start, wishes):
    """The push at its time and the mail ten minutes later, whatever the hour."""
    return due, when.fallback(due, start)


def too_early(due, start, wishes):
    """A minute more than is needed."""
    push, mail = when.behind(due, start, wishes)
    return (push, mail) if push == due else (push - timedelta(minutes=1), mail - timedelta(minutes=1))


@pytest.mark.parametrize("mistake", [as_if_never_quiet, too_early])
def test_a_mistake_about_the_mail_behind_a_push_is_seen(mistake, places, capsys):
    assert times.prove(2000, 1, when.times, places, mistake)["wrong"] > 5
    assert "when.behind(datetime.datetime(" in capsys.readouterr().out.splitlines()[0]


def test_the_same_cases_without_a_mistake_have_nothing_wrong(places):
    assert times.prove(2000, 1, when.times, places)["wrong"] == 0


def test_a_case_is_the_same_however_many_there_are(places):
    asked = []
    for cases in (3, 30):
        times.prove(cases, 7, lambda *case: asked.append(case) or when.times(*case), places)
    assert asked[:3] == asked[3:6]


@pytest.fixture(scope="module")
def places():
    """The tables of the proof: a second's work, done once."""
    years, past = times.tables()
    return years + past
