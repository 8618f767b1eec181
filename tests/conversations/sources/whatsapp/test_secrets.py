"""Secrets of a number: what the database holds cannot be read."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from conversations.sources.whatsapp.models import Sender
from tests.conversations.sources.whatsapp.conftest import make_sender

pytestmark = pytest.mark.django_db

TOKEN = "a verify token"
migration = import_module("conversations.sources.whatsapp.migrations.0010_sealed_verify_token")


class Editor:
    """What a migration is given, as far as this one looks at it."""

    connection = connection


def stored() -> str:
    """Return the verify token as the database holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT verify_token FROM whatsapp_sender")
        return str(cursor.fetchone()[0])


@pytest.fixture
def number() -> Sender:
    """Return a number whose verify token is known."""
    return make_sender(verify_token=TOKEN)


def test_the_verify_token_is_sealed(number: Sender) -> None:
    assert TOKEN not in stored()
    number.refresh_from_db()
    assert number.verify_token == TOKEN


def test_tokens_that_are_stored_are_sealed(number: Sender) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE whatsapp_sender SET verify_token = %s", [TOKEN])
    migration.seal(apps, Editor)
    assert TOKEN not in stored()
    number.refresh_from_db()
    assert number.verify_token == TOKEN
    migration.unseal(apps, Editor)
    assert stored() == TOKEN


def test_the_administration_shows_and_keeps_it(admin_client: Client, number: Sender) -> None:
    place = f"/admin/whatsapp/sender/{number.pk}/change/"
    assert f'value="{TOKEN}"' in admin_client.get(place).content.decode()
    form = {"source": number.source_id, "phone_number_id": number.phone_number_id}
    assert admin_client.post(place, {**form, "verify_token": "another"}).status_code == 302
    number.refresh_from_db()
    assert number.verify_token == "another"
    assert "another" not in stored()
