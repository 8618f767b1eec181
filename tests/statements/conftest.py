"""The fixture that counts an act, and what the acts need."""

from collections.abc import Callable
from typing import Any, Protocol

import pytest
from django.conf import LazySettings
from pytest_django import DjangoCaptureOnCommitCallbacks

from tests.conversations.sources.whatsapp.conftest import (
    graph,
    graph_server,
    meta,
    number,
    sender,
    talking,
)
from tests.conversations.sources.widget.conftest import victor, widget
from tests.queries import statements
from tests.statements import table

__all__ = ["graph", "graph_server", "meta", "number", "sender", "talking", "victor", "widget"]


class Count(Protocol):
    """Counts the statements of an act and compares them with the table."""

    def __call__(
        self, name: str, act: Callable[..., object], arrange: Callable[[], Any] | None = None
    ) -> None:
        """Call ``act`` twice, each time with what ``arrange`` returns, and count the second."""


@pytest.fixture
def count(
    db: None,
    settings: LazySettings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> Count:
    """Return what counts; it does all that follows a commit in the process, too."""
    settings.SEND_INTERVAL_SECONDS = 0

    def counted(
        name: str, act: Callable[..., object], arrange: Callable[[], Any] | None = None
    ) -> None:
        for turn in ("first", "second"):
            given = () if arrange is None else (arrange(),)
            with statements() as made, django_capture_on_commit_callbacks(execute=True):
                act(*given)
            if turn == "second":
                table.compare(name, made)

    return counted
