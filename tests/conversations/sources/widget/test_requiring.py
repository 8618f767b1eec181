"""Requiring an identity: sessions of strangers are closed."""

import pytest

from conversations.sources.widget.models import Widget
from tests.conversations.sources.widget.conftest import Frame, make_widget


@pytest.mark.both_databases
def test_requiring_an_identity_closes_the_sessions_of_strangers(victor: Frame) -> None:
    conversation = victor.start()
    maya = Frame(victor.widget)
    maya.open(identity=maya.identity("42"))
    hers = maya.start()
    elsewhere = Frame(make_widget("Sudhem"))
    elsewhere.open()
    Widget.objects.filter(pk=victor.widget.pk).update(require_identity=True)

    assert victor.say(conversation, "Hello?").status_code == 401
    assert victor.post("session", {"token": victor.token}).status_code == 401
    assert maya.say(hers, "Hello?").status_code == 201
    assert elsewhere.post("conversations").status_code == 201
