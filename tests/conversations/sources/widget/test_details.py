"""Details of a known contact that an identity proves."""

import pytest

from conversations.models import Contact, Conversation
from conversations.sources.widget.models import Widget
from tests.conversations.sources.widget.conftest import Frame


@pytest.mark.both_databases
def test_a_known_contact_s_conversations_show_what_is_proven(widget: Widget) -> None:
    maya = Frame(widget)
    maya.open(identity=maya.identity("42", name="Maya"))
    maya.start()
    before = Conversation.objects.get()

    Frame(widget).open(identity=maya.identity("42", name="Maya Lindqvist"))

    after = Conversation.objects.get()
    assert Contact.objects.get().name == "Maya Lindqvist"
    assert "maya lindqvist" in after.search_text
    assert after.changed_at > before.changed_at
