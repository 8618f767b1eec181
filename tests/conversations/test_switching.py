"""Switching and blocking at the same moment: contact and conversations never disagree."""

import pytest

from conversations.models import Contact, Conversation
from conversations.services import contacts, conversations
from handoff.models import Switch
from tests import factories

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize("switch", [Switch.ACTIVE, Switch.PAUSED])
def test_a_block_that_came_between_is_seen(conversation: Conversation, switch: Switch) -> None:
    carol = factories.staff(factories.person("carol", role="supervisor"))
    seen = Conversation.objects.select_related("contact").get(pk=conversation.pk)
    assert seen.contact is not None
    assert not seen.contact.is_blocked
    contacts.block(contact=Contact.objects.get(), by=carol, at=factories.NOON)

    changed = conversations.set_switch(
        conversation=seen, switch=switch, by=carol, at=factories.NOON
    )

    assert changed.switch == switch
    assert not Contact.objects.get().is_blocked
