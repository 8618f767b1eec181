"""What one running instance does: how soon it is up, how soon it answers, what it holds."""

import asyncio
import json
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import httpx
import pytest
import websockets

from tests.bench.figures import MILLI, Figure, Show, at_most, percentile
from tests.bench.processes import computing, family, memory_of_all
from tests.servers.parley import AppProcesses
from tests.servers.waiting import awhile

pytestmark = [pytest.mark.bench, pytest.mark.timeout(300)]

ROUNDS = 40
ANSWERS = 10
SETTLING = 20.0
"""Seconds after which a new instance has made its first rounds and calls."""
IDLE = 20.0
"""Seconds for which an instance is watched while nothing happens."""
MEGA = 1e6


def test_start(show: Show, tmp_path: Path) -> None:
    instance = AppProcesses(tmp_path, is_prepared=False)
    first = instance.start()
    assert instance.stop() == 0
    second = instance.start()
    held = memory_of_all(instance.launcher_pid())
    began = time.monotonic()
    instance.stop()
    stopped = time.monotonic() - began
    for name, seconds in (("first start", first), ("second start", second), ("stop", stopped)):
        show(Figure(name=name, unit="s", ours=seconds))
    name = "memory of all processes"
    show(Figure(name=f"{name}, PSS", unit="MB", ours=held.share / MEGA, goal=at_most(400)))
    show(Figure(name=f"{name}, RSS", unit="MB", ours=held.held / MEGA))


async def test_idle(show: Show, app: AppProcesses) -> None:
    await awhile(SETTLING)
    pids = family(app.launcher_pid())
    before = sum(map(computing, pids))
    await awhile(IDLE)
    computed = sum(map(computing, pids)) - before
    name = "computing of all processes while nothing happens"
    show(Figure(name=name, unit="ms/s", ours=computed / IDLE * MILLI))


def test_pages(show: Show, app: AppProcesses) -> None:
    with client(app, app.demo()["api_key"]) as api:
        for path in ("conversations/", "assistants/", "contacts/"):
            spread(show, f"GET {path}", [timed(api, path) for _ in range(ROUNDS)])


async def test_answers(show: Show, app: AppProcesses) -> None:
    facts = app.demo()
    with client(app, facts["api_key"]) as api:
        source = next(row["id"] for row in facts["sources"] if row["kind"] == "api")
        rounds = [await answered(app, api, source, facts["api_key"]) for _ in range(ANSWERS)]
    for name in ("message.created", "chunk", "end"):
        spread(show, f"POST to {name}", [times[name] for times in rounds])


async def answered(app: AppProcesses, api: httpx.Client, source: str, key: str) -> dict[str, float]:
    """Ask as a customer; return the seconds until the first event of each type."""
    body = {"source": source, "contact": {"external_id": str(uuid4())}}
    opened = await asyncio.to_thread(api.post, "conversations/", json=body)
    conversation = opened.json()["id"]
    header = {"Authorization": f"Bearer {key}"}
    address = f"{app.websocket_url}/ws/v1/"
    seen: dict[str, float] = {}
    async with websockets.connect(address, additional_headers=header) as socket:
        await send(socket, {"type": "hello", "v": 1})
        await send(socket, {"type": "follow", "topic": f"conversation:{conversation}", "after": 1})
        while json.loads(await socket.recv())["type"] != "following":
            continue
        began = time.monotonic()
        path = f"conversations/{conversation}/customer-messages/"
        await asyncio.to_thread(api.post, path, json={"text": "Hi", "client_id": str(uuid4())})
        while "end" not in seen:
            kind = json.loads(await asyncio.wait_for(socket.recv(), 30))["type"]
            seen.setdefault(kind, time.monotonic() - began)
    return seen


async def send(socket: Any, frame: dict[str, Any]) -> None:
    """Send one frame."""
    await socket.send(json.dumps(frame))


def client(app: AppProcesses, key: str) -> httpx.Client:
    """Return a client of the API with the demo's key."""
    header = {"Authorization": f"Bearer {key}"}
    return httpx.Client(base_url=f"{app.url}/api/v1/", headers=header, timeout=30)


def timed(api: httpx.Client, path: str) -> float:
    """Return the seconds that one GET takes."""
    began = time.monotonic()
    api.get(path).raise_for_status()
    return time.monotonic() - began


def spread(show: Show, name: str, seconds: Sequence[float]) -> None:
    """Show the middle, and beside it the slow end."""
    slow = percentile(seconds, 95) * MILLI
    show(Figure(name=name, unit="ms", ours=median(seconds) * MILLI, also={"p95": slow}))
