"""Pictures that cost dear: another process bears it, and ends."""

import resource
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from errno import ENOSPC
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User

from channels_layer.errors import DomainError, TooFastError
from conversations.files import images, processes, remaking
from conversations.files.processes import BusyError, Claim
from conversations.models import Attachment
from conversations.services import attachments
from conversations.services.attachments import FileTooLargeError, Upload
from tests.factories import staff
from tests.fakes import files
from tests.hostile.pictures import LARGEST, hostile_pictures

MOST_HELD = 32 * 1024 * 1024
PAGE = resource.getpagesize()


def memory() -> int:
    """Return the bytes of memory that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


def held(sender: str) -> AbstractContextManager[None]:
    """Let ``sender`` have a place."""
    return processes.places.held(Claim(sender=sender, patience=0))


@contextmanager
def result_of_nothing() -> Iterator[bytes]:
    """Yield what is made of an empty file."""
    claim = Claim(sender="victor", patience=0)
    with (
        Path("/dev/null").open("rb") as source,
        processes.result_of(remaking.__name__, source=source, seconds=10, claim=claim) as answer,
    ):
        yield answer.read()


@pytest.fixture
def most_held() -> Iterator[None]:
    """Measure the memory of a test that decodes nothing itself."""
    before = memory()
    yield
    assert memory() - before < MOST_HELD


def test_a_large_picture_is_remade_elsewhere(most_held: None) -> None:
    remade = images.remake(files.image("PNG", (4_472, 4_472), mode="1"))
    assert (remade.width, remade.height) == (4_096, 4_096)


@pytest.mark.slow
def test_no_picture_holds_memory(alice: User, noon: datetime) -> None:
    pictures = hostile_pictures()
    assert len(pictures) >= 50
    assert len(dict(pictures)) == len(pictures)
    assert max(len(data) for _, data in pictures) <= LARGEST
    images.remake(files.photo())
    before = memory()
    # All of them go to a running instance in the drill of the strangers.
    for name, data in pictures[::4]:
        with suppress(DomainError):
            file = attachments.store(
                upload=Upload(name=f"{name}.png", data=data), by=staff(alice), at=noon
            )
            assert file.kind == Attachment.Kind.IMAGE or file.size == len(data)
        assert memory() - before < MOST_HELD, name


def test_what_cannot_be_shown_is_kept_and_says_why(alice: User, noon: datetime) -> None:
    data = files.image("PNG")[:60]
    file = attachments.store(upload=Upload(name="a.png", data=data), by=staff(alice), at=noon)
    assert (file.kind, file.size, file.error) == ("document", 60, images.NOT_SHOWN)


def test_a_picture_that_arrives_with_too_many_pixels_is_kept(alice: User, noon: datetime) -> None:
    upload = Upload(name="a.png", data=files.huge_png(50_000, 50_000))
    with pytest.raises(FileTooLargeError):
        attachments.store(upload=upload, by=staff(alice), at=noon)
    row = attachments.expect(
        name="a.png", content_type="image/png", kind="image", by=staff(alice), at=noon
    )
    file = attachments.arrived(attachment=row, upload=upload, at=noon)
    assert (file.status, file.size) == ("ready", len(upload.data))
    assert file.error == images.TOO_MANY_PIXELS


def test_a_picture_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "LONGEST", 0.01)
    with pytest.raises(images.UnreadableError):
        images.remake(files.photo())


def test_whoever_comes_while_others_are_remade_is_asked_to_wait(
    alice: User, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = Upload(name="a.jpg", data=files.photo())
    monkeypatch.setattr(attachments, "REQUEST_PATIENCE", 0.01)
    with held("bob"), held("carol"), pytest.raises(TooFastError):
        attachments.store(upload=upload, by=staff(alice), at=noon)


def test_a_sender_has_one_place_and_leaves_the_other(alice: User, noon: datetime) -> None:
    photo = files.photo()
    with held("victor"):
        with pytest.raises(BusyError):
            images.remake(photo, claim=Claim(sender="victor", patience=0.01))
        assert images.remake(photo, claim=Claim(sender="alice", patience=0.01)).data
    assert images.remake(photo, claim=Claim(sender="victor", patience=0.01)).data


@pytest.mark.parametrize("missing", ["TemporaryFile", "subprocess.run"])
def test_a_place_is_given_back_whatever_fails(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError(ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(f"conversations.files.processes.{missing}", fail)
        for _ in range(processes.AT_ONCE):
            with pytest.raises(BusyError), result_of_nothing():
                pass
    with result_of_nothing() as said:
        assert b"error" in said
