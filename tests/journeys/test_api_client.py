"""An API client asks, the assistant answers, the connection drops ten times: nothing is missed."""

import secrets
from collections.abc import Iterator

import httpx
import pytest

from tests.journeys import client as contract
from tests.servers.parley import AppProcesses

pytestmark = [pytest.mark.drill, pytest.mark.timeout(120)]

DROPS = 10


@pytest.fixture
def shop(app: AppProcesses) -> Iterator[httpx.Client]:
    """The shop's system, with a key of all scopes."""
    with contract.with_key(app.url, app.demo()["api_key"]) as client:
        yield client


@pytest.fixture
def alice_online(app: AppProcesses) -> Iterator[httpx.Client]:
    """Alice, signed in."""
    with contract.session(app.url, "alice") as client:
        yield client


def test_a_stream_survives_ten_lost_connections(
    app: AppProcesses, shop: httpx.Client, alice_online: httpx.Client
) -> None:
    demo = app.demo()
    source = next(source for source in demo["sources"] if source["kind"] == "api")
    begun = shop.post(
        "/api/v1/conversations/",
        json={
            "source": source["id"],
            "contact": {"external_id": secrets.token_hex(4), "name": "Victor"},
        },
    )
    assert begun.status_code == 201, begun.text
    conversation = begun.json()
    reader = contract.TopicReader(
        url=app.websocket_url,
        cookies=contract.cookies_of(alice_online),
        topic=f"conversation:{conversation['id']}",
    )

    response = shop.post(
        f"/api/v1/conversations/{conversation['id']}/customer-messages/",
        json={"text": "Can I return a lamp that arrived damaged?", "client_id": "q1"},
    )
    assert response.status_code == 201, response.text
    for drop in range(DROPS):
        seen = reader.chunks

        def enough(now: contract.TopicReader, seen: int = seen) -> bool:
            return now.chunks >= seen + 2 or bool(now.of("end"))

        contract.run_until_done(reader.follow(until=enough))
        assert reader.connections == drop + 1
    contract.run_until_done(reader.follow(until=lambda now: bool(now.of("end"))))

    [started], [end] = reader.of("run.started"), reader.of("end")
    answer = next(
        message for message in reader.of("message.created") if message["run"] == started["run"]
    )
    assert reader.chunks >= 5
    assert end["message_id"] == started["message_id"] == answer["id"]
    assert reader.streams[started["run"]].text == answer["text"]
    assert end["text_length"] == len(answer["text"])
    log = shop.get(
        "/api/v1/events/", params={"topic": reader.topic, "after": 0, "limit": 100}
    ).json()["results"]
    assert [event["seq"] for event in log] == list(range(1, reader.head + 1))
    assert [event["type"] for event in log] == [event["type"] for event in reader.events]
    app.assert_sound([f"{conversation['id']} q1"])
