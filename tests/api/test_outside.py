"""Views that write files or ask the network: no transaction is open while they do."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from conversations.models import FileRemoval
from tests import factories
from tests.api import clients
from tests.api.clients import V1

KEY = {"Idempotency-Key": "k1"}


class WatchedStorage(FileSystemStorage):
    """Files on the disk; notes what the database knew when one was written."""

    seen: list[tuple[bool, bool]] = []

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        """Note whether a transaction is open, and whether the removal was announced."""
        is_announced = FileRemoval.objects.filter(path=name).exists()
        self.seen.append((connection.in_atomic_block, is_announced))
        return super().save(name, content, max_length)


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_an_upload_is_announced_for_good_before_its_file_exists(
    settings: LazySettings, tmp_path: Any
) -> None:
    backend = f"{__name__}.{WatchedStorage.__name__}"
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": backend}}
    settings.MEDIA_ROOT = tmp_path
    WatchedStorage.seen.clear()
    shop = clients.browser(factories.person("alice"))
    body = {"file": SimpleUploadedFile("a.txt", b"hello")}
    answer = shop.post(f"{V1}/attachments/", body, format="multipart", headers=KEY)
    assert answer.status_code == 201
    assert WatchedStorage.seen == [(False, True)]


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_a_proposal_holds_no_lock_while_the_model_is_asked() -> None:
    conversation = factories.conversation()
    alice: User = factories.person("alice")
    inside: list[bool] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        if "conversations_message" in sql:
            inside.append(connection.in_atomic_block)
        return execute(sql, *rest)

    path = f"{V1}/conversations/{conversation.pk}/ticket-proposal"
    with connection.execute_wrapper(note):
        answer = clients.browser(alice).post(path, headers=KEY)
    assert answer.status_code == 200
    assert inside
    assert not any(inside)
