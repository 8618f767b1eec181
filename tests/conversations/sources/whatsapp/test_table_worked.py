"""Each row of the table, worked by the application: the thread, the prompt and the floor agree."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from config.demo.graph import table
from config.demo.graph.table.row import Row
from config.demo.graph.world import Json
from conversations.models import Identity, Message
from conversations.sources.whatsapp.models import Sender
from tests.conversations.sources.whatsapp.shop import (
    Shop,
    shown,
    undone,
)
from tests.conversations.sources.whatsapp.table_checks import CHECKS, MODEL, MOVED, Came

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(scope="module")
def shop(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Shop]:
    """The shop of all rows, which no row changes for the next one."""
    with django_db_blocker.unblock(), undone():
        yield Shop()


def moved_number(shop: Shop, value: Json) -> None:
    """Let the new number be another one: the phone's stays as it is."""
    del shop
    value["messages"][0]["system"]["wa_id"] = MOVED


def moved_user_id(shop: Shop, value: Json) -> None:
    """Let the customer be known by another user id, and the notice come by that."""
    Identity.objects.filter(external_id=shop.chat.person.user_id).update(external_id="SE.OLD")
    value["messages"][0]["from_user_id"] = "SE.OLD"
    value["contacts"][0]["user_id"] = "SE.OLD"


def made_group(shop: Shop, value: Json) -> None:
    """Let it be another group than the one that wrote."""
    del shop
    value["groups"][0]["group_id"] = "another"


def on_its_way(shop: Shop, value: Json) -> None:
    """Let it not be known yet whether Meta took our message."""
    del value
    Message.objects.filter(pk=shop.heard.pk).update(status="queued")
    shop.heard.deliveries.update(state="sending")


def restricted(shop: Shop, value: Json) -> None:
    """Let nothing be sent now."""
    del value
    fields = {"restriction": "Because.", "restriction_kind": "account"}
    Sender.objects.filter(pk=shop.sender.pk).update(**fields)


PREPARED = {
    "messages: system user_changed_number": moved_number,
    "messages: system user_changed_user_id": moved_user_id,
    "messages: status sent": on_its_way,
    "group_lifecycle_update": made_group,
    "account_update: freed": restricted,
}


def worked(shop: Shop, row: Row) -> Came:
    """Let a row come, and the application work it."""
    value = shop.made(row)
    if prepare := PREPARED.get(row.name):
        prepare(shop, value)
    before = shop.seen()
    shop.send(row, value)
    return Came(row=row, value=value, before=before, event=shop.event())


@pytest.mark.parametrize("row", table.ROWS, ids=[row.name for row in table.ROWS])
def test_a_row_does_what_the_table_says(shop: Shop, row: Row) -> None:
    came = worked(shop, row)
    is_fault = "errors" in row.value or row.type == "declined"
    assert came.event.state == ("failed" if is_fault else "done"), came.event.error
    assert came.event.about
    assert "\n".join(map(shown, shop.new(came.before))) == row.staff
    if not row.staff:
        assert shop.seen().messages == came.before.messages
    MODEL[row.model](shop, came)
    for part in row.does.split("; "):
        with transaction.atomic():
            CHECKS[part](shop, came)


def test_every_check_is_of_a_row() -> None:
    done = {part for row in table.ROWS for part in row.does.split("; ")}
    assert (set(CHECKS), set(MODEL)) == (done, {row.model for row in table.ROWS})
