"""Which time zones are offered, and what becomes of the old names that phones still report."""

from zoneinfo import ZoneInfo, available_timezones

import pytest

from checklist.forms.zones import zone_choices
from checklist.models import Client
from checklist.models.fields import ZONES
from checklist.pure.zones import OFFERED, today
from tests.reading import read
from tests.wished import choose

OLD = {
    "Asia/Calcutta": "Asia/Kolkata",
    "Africa/Asmera": "Africa/Asmara",
    "Europe/Kiev": "Europe/Kyiv",
    "US/Eastern": "America/New_York",
    "Etc/UTC": "UTC",
}
old = pytest.mark.parametrize(("name", "now_called"), OLD.items())


def options(phone):
    """Return {name: option} of the list on the page of reminders."""
    select = read(phone.get("/reminders/")).one("select", name="time_zone")
    return {option["value"]: option for option in select.all("option")}


def test_each_place_is_offered_once_under_its_name_of_today():
    offered = [zone for zone, _label in zone_choices()]
    assert len(offered) == len(set(offered)) > 400
    assert set(offered) & OLD.keys() == set()
    assert {"Europe/Oslo", "America/New_York", *OLD.values()} <= set(offered)


def test_every_zone_that_is_offered_can_be_kept():
    assert OFFERED <= ZONES


@pytest.mark.parametrize("name", sorted(available_timezones()))
def test_a_name_of_today_has_the_clocks_of_the_old_one(name, now):
    noons = [now.replace(month=month) for month in (1, 7)]
    assert [at.astimezone(ZoneInfo(today(name))).utcoffset() for at in noons] == [
        at.astimezone(ZoneInfo(name)).utcoffset() for at in noons
    ]


@old
def test_an_old_name_is_taken_and_kept_as_the_one_of_today(sams_phone, sam, name, now_called):
    choose(sams_phone, time_zone=name)
    assert Client.objects.get(pk=sam.pk).time_zone == now_called


@old
def test_the_list_knows_by_which_old_names_a_phone_may_call_a_zone(sams_phone, name, now_called):
    assert name in options(sams_phone)[now_called]["data-also"].split()


@pytest.mark.parametrize("kept, shown", [("Asia/Calcutta", "Asia/Kolkata"), ("Etc/GMT+5", "Etc/GMT+5")])
def test_a_zone_that_was_kept_under_another_name_stays_chosen(sams_phone, sam, kept, shown):
    Client.objects.filter(pk=sam.pk).update(time_zone=kept)
    chosen = [name for name, option in options(sams_phone).items() if option.get("selected") is not None]
    assert chosen == [shown]
