"""Purging: tokens that open nothing any more, and contacts who never wrote."""

from datetime import timedelta

import pytest

from conversations.models import Contact, Conversation
from conversations.sources.widget.models import VisitorToken
from conversations.sources.widget.services import sessions
from tests.conversations.sources.widget.conftest import Frame

pytestmark = pytest.mark.both_databases


def test_expired_tokens_go_with_contacts_who_never_wrote(victor: Frame, stranger: Frame) -> None:
    victor.start()
    later = VisitorToken.objects.order_by("-expires_at")[0].expires_at

    assert sessions.purge(at=later) == 2

    assert not VisitorToken.objects.exists()
    assert Contact.objects.get() == Conversation.objects.get().contact


def test_a_revoked_token_goes_at_once(victor: Frame) -> None:
    victor.call("DELETE", "session")
    at = VisitorToken.objects.get().created_at + timedelta(minutes=1)

    assert sessions.purge(at=at) == 1
    assert Contact.objects.count() == 1


def test_valid_tokens_and_known_contacts_stay(victor: Frame) -> None:
    victor.open(identity=victor.identity("42"))
    VisitorToken.objects.filter(contact__identities__external_id="42").delete()
    at = VisitorToken.objects.get().created_at + timedelta(days=2)

    assert sessions.purge(at=at) == 0
    assert Contact.objects.count() == 2


def test_addresses_of_conversations_are_kept_for_a_day(victor: Frame) -> None:
    old, new = victor.start(), victor.start()
    begun = Conversation.objects.get(pk=old).created_at
    Conversation.objects.filter(pk=old).update(created_at=begun - timedelta(hours=24, minutes=1))

    sessions.purge(at=begun)

    assert Conversation.objects.get(pk=old).address == ""
    assert Conversation.objects.get(pk=new).address != ""
