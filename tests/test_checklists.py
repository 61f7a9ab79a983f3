"""Checklists: an edited one never changes a past session, and a version in use refuses every change (R1)."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from checklist import ticking
from checklist.models import Checklist, Item, Session
from checklist.practising import starter_items
from checklist.pure.starter import STARTER
from tests import factories


@pytest.fixture
def getting_ready(dana):
    return dana.practice.checklists.get()


def items(*titles, way="video"):
    """Return unsaved items with these titles."""
    return [
        Item(key=title.lower().replace(" ", "-"), title=title, phase="ahead", ways=[way]) for title in titles
    ]


def titles(session):
    """Return what is on a session's list, read anew."""
    fresh = Session.objects.with_lists().get(pk=session.pk)
    return [line.item.title for line in fresh.readiness.lines]


def test_a_practice_starts_with_the_starter_checklist(getting_ready):
    kept = list(getting_ready.current.items.values_list("key", "title", "why", "ways"))
    assert kept == [(item.key, item.title, item.why, list(item.ways)) for item in STARTER]


def test_the_first_version_is_number_one_and_each_edit_counts_on(getting_ready):
    numbers = [
        getting_ready.current.number,
        getting_ready.edit(items("Breathe")).number,
        getting_ready.current.number,
    ]
    assert numbers == [1, 2, 2]


def test_items_keep_the_order_in_which_they_were_given(getting_ready):
    getting_ready.edit(items("Water", "Air", "Light"))
    assert [item.title for item in getting_ready.current.items.all()] == ["Water", "Air", "Light"]


def test_r1_an_edited_checklist_never_changes_a_session_that_was_made_before(sams_session, getting_ready):
    before = titles(sams_session)
    getting_ready.edit(items("Something else"))
    assert titles(sams_session) == before


def test_r1_an_emptied_checklist_never_changes_a_session_that_was_made_before(sams_session, getting_ready):
    before = titles(sams_session)
    getting_ready.edit([])
    assert titles(sams_session) == before


def test_r1_a_renamed_or_archived_checklist_never_changes_a_session(sams_session, getting_ready, now):
    before = titles(sams_session)
    getting_ready.name, getting_ready.archived_at = "Another", now
    getting_ready.save()
    assert titles(sams_session) == before


def test_r1_the_readiness_of_a_past_session_stays(sams_session, getting_ready, now):
    ticking.tick(sams_session, "connection", "done", None, now)
    before = Session.objects.with_lists().get().readiness
    getting_ready.edit(items("Something else"))
    after = Session.objects.with_lists().get().readiness
    assert (after.done, after.applicable) == (before.done, before.applicable) == (1, before.applicable)


def test_a_session_made_after_the_edit_has_the_new_list(sam, sams_session, getting_ready, now):
    getting_ready.edit(items("Something else"))
    assert titles(factories.session(sam, now=now)) == ["Something else"]


def test_ticks_find_their_item_in_a_new_version_by_its_key(sam, getting_ready, now):
    session = factories.session(sam)
    ticking.tick(session, "connection", "done", None, now)
    session.version = getting_ready.edit(
        [Item(key="connection", title="Other words", phase="ahead", ways=["video"])]
    )
    session.save()
    assert Session.objects.with_lists().get().readiness.done == 1


# A version in use refuses change, whichever way it is tried


def test_r1_an_item_of_a_version_in_use_can_not_be_saved(sams_session):
    item = sams_session.version.items.first()
    item.title = "Changed"
    with pytest.raises(ValidationError):
        item.save()


def test_r1_an_item_can_not_be_added_to_a_version_in_use(sams_session):
    with pytest.raises(ValidationError):
        Item.objects.create(
            version=sams_session.version, key="new", title="New", phase="ahead", ways=["video"]
        )


def test_r1_items_can_not_be_added_in_bulk_to_a_version_in_use(sams_session):
    (late,) = items("Late")
    late.version = sams_session.version
    with pytest.raises(ValidationError):
        Item.objects.bulk_create([late])


def test_r1_an_item_can_not_be_moved_out_of_a_version_in_use(sams_session, getting_ready):
    item = sams_session.version.items.first()
    item.version = getting_ready.edit([])
    with pytest.raises(ValidationError):
        item.save()


def test_r1_items_of_a_version_in_use_can_not_be_updated(sams_session):
    with pytest.raises(ValidationError):
        sams_session.version.items.update(title="Changed")


def test_r1_items_of_a_version_in_use_can_not_be_updated_in_bulk(sams_session):
    item = sams_session.version.items.first()
    item.title = "Changed"
    with pytest.raises(ValidationError):
        Item.objects.bulk_update([item], ["title"])


def test_r1_an_item_of_a_version_in_use_can_not_be_deleted(sams_session):
    with pytest.raises(ValidationError):
        sams_session.version.items.first().delete()


def test_r1_items_of_a_version_in_use_can_not_be_deleted_together(sams_session):
    with pytest.raises(ValidationError):
        sams_session.version.items.filter(key="connection").delete()


def test_r1_a_refused_change_changes_nothing(sams_session):
    with pytest.raises(ValidationError):
        Item.objects.update(title="Changed")
    assert not Item.objects.filter(title="Changed").exists()


def test_r1_a_version_in_use_can_not_be_deleted(sams_session):
    with pytest.raises(IntegrityError), transaction.atomic():
        sams_session.version.delete()
    assert sams_session.version.items.exists()


def test_r1_a_checklist_in_use_can_not_be_deleted(sams_session, getting_ready):
    with pytest.raises(IntegrityError), transaction.atomic():
        getting_ready.delete()
    assert Checklist.objects.filter(pk=getting_ready.pk).exists()


def test_a_version_that_no_session_uses_may_change(getting_ready):
    item = getting_ready.current.items.first()
    item.title = "Changed"
    item.save()
    assert getting_ready.current.items.first().title == "Changed"


def test_one_version_has_each_key_once(getting_ready):
    with pytest.raises(IntegrityError), transaction.atomic():
        getting_ready.edit(items("Light", "Light"))
    assert getting_ready.current.number == 1


def test_starter_items_are_unsaved_copies_each_time():
    first, second = starter_items(), starter_items()
    assert all(item.pk is None for item in first)
    assert not {id(item) for item in first} & {id(item) for item in second}
