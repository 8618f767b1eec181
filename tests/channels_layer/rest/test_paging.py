"""Pages: every row once, in order, whatever is written meanwhile."""

from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from channels_layer.models import Event
from tests.factories import NOON

PAGES = "/api/v1/pages/"


@pytest.fixture
def events(db: None) -> None:
    """Twenty-five, of which five share each moment."""
    for seq in range(1, 26):
        write(seq)


def write(seq: int) -> None:
    at = NOON + timedelta(seconds=seq // 5)
    Event.objects.create(topic="t", seq=seq, type="x", data={}, at=at)


def walk(client: APIClient, direction: str, cursor: str | None, limit: int = 7) -> list[list[int]]:
    pages = []
    while cursor is not None:
        page = get(client, cursor=cursor, limit=limit)
        pages.append(page["results"])
        cursor = page[direction]
    return pages


def get(client: APIClient, **query: Any) -> dict[str, Any]:
    response = client.get(PAGES, query)
    assert response.status_code == 200, response.content
    body: dict[str, Any] = response.json()
    return body


@pytest.mark.usefixtures("events")
def test_walks_forth_and_back(system: APIClient) -> None:
    forth = walk(system, "next", "")
    flat = [seq for page in forth for seq in page]
    assert sorted(flat) == list(range(1, 26))
    assert [len(page) for page in forth] == [7, 7, 7, 4]
    assert flat[0] == 25

    last = get(system, cursor=get(system, limit=20)["next"], limit=20)
    back = walk(system, "previous", last["previous"])
    assert [seq for page in reversed(back) for seq in page] == flat[:20]


@pytest.mark.usefixtures("events")
def test_new_rows_shift_nothing(system: APIClient) -> None:
    first = get(system, limit=10)
    write(26)
    second = get(system, limit=10, cursor=first["next"])
    assert not set(first["results"]) & set(second["results"])
    assert get(system, cursor=second["previous"], limit=10)["results"] == first["results"]


@pytest.mark.usefixtures("events")
def test_ends_are_null(system: APIClient) -> None:
    page = get(system)
    assert (page["next"], page["previous"]) == (None, None)
    assert len(page["results"]) == 25


def test_an_empty_list_is_one_page(system: APIClient) -> None:
    assert get(system) == {"next": None, "previous": None, "results": []}


@pytest.mark.parametrize("cursor", ["x", "a:b:c", "W10", "\x00", "é", "null", "-1"])
def test_a_malformed_cursor_is_refused(cursor: str, system: APIClient) -> None:
    response = system.get(PAGES, {"cursor": cursor})
    assert (response.status_code, list(response.json()["fields"])) == (400, ["cursor"])


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "1.5", "1e2", "²", "9" * 40])
def test_a_wrong_limit_is_refused(limit: str, system: APIClient) -> None:
    response = system.get(PAGES, {"limit": limit})
    assert (response.status_code, list(response.json()["fields"])) == (400, ["limit"])
