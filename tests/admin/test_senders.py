"""WhatsApp numbers in the admin: the webhook's address for Meta."""

from django.test import Client

from tests.conversations.sources.whatsapp.conftest import make_sender


def test_a_new_number_shows_no_address_that_will_not_last(office: Client) -> None:
    html = office.get("/admin/whatsapp/sender/add/").content.decode()
    assert "Known once the number is saved." in html
    assert "/webhooks/whatsapp/" not in html


def test_a_saved_number_shows_where_meta_calls_it(office: Client) -> None:
    sender = make_sender()
    html = office.get(f"/admin/whatsapp/sender/{sender.pk}/change/").content.decode()
    assert f"/webhooks/whatsapp/{sender.pk}" in html
    assert "https address with the path below" in html
