"""Files in the request that a model receives, as the customer sent them."""

from pathlib import Path

import pytest
from django.conf import LazySettings

from chats.live import Runtime
from chats.services import file_readings
from conversations.models import Reading
from tests.chats.servers import DemoModelServer
from tests.conversations.corpus.doors import WidgetDoor
from tests.fakes.corpus import specimens

pytestmark = pytest.mark.slow

SENT = ("orders.xlsx", "received first.eml", "film.mp4", "voice note.ogg", "lamp.jpg", "sjis.txt")


def test_model_receives_words_pictures_and_what_it_does_not_know(
    runtime: Runtime, demo_model: DemoModelServer, settings: LazySettings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    files = [one for name in SENT for one in specimens() if one.name == name]
    parcel = WidgetDoor().send(files)
    keys = Reading.objects.order_by("created_at").values_list("attachment_id", flat=True)
    for key in list(keys):
        file_readings.read(attachment_id=key, models=runtime)

    runtime.answer(parcel.conversation.pk)

    chats = [one["body"] for one in demo_model.log() if one["body"].get("tools")]
    said = str(chats[-1]["messages"])
    for one in files:
        assert all(words in said for words in one.right.words), one.name
    assert "film.mp4" in said
    assert "do not know what is in it" in said
    assert said.count("data:image/jpeg;base64,") == 1
