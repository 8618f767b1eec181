"""What one running instance does: how soon it is up, how soon it answers, what it holds."""

import asyncio
import json
import time
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from uuid import uuid4

import httpx
import pytest
import websockets

from tests.servers.parley import AppProcesses

pytestmark = [pytest.mark.bench, pytest.mark.timeout(300)]

ROUNDS = 40
PROCESSES = ("web", "live", "io", "redis", "demo_model")


def show(capsys: pytest.CaptureFixture[str], name: str, unit: str, **values: float) -> None:
    """Write one figure as one line of JSON."""
    rounded = {key: round(value, 2) for key, value in values.items()}
    with capsys.disabled():
        print(json.dumps({"figure": name, "unit": unit, **rounded}))  # noqa: T201


def spread(seconds: list[float]) -> dict[str, float]:
    """Return the middle and the slow end of ``seconds``, in milliseconds."""
    return {"p50": median(seconds) * 1000, "p95": quantiles(seconds, n=20)[-1] * 1000}


def test_start(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    instance = AppProcesses(tmp_path, is_prepared=False)
    first = instance.start()
    assert instance.stop() == 0
    second = instance.start()
    began = time.monotonic()
    memory = sum(resident(instance.pid(name)) for name in PROCESSES)
    instance.stop()
    show(capsys, "start", "s", first=first, second=second, stop=time.monotonic() - began)
    show(capsys, "memory of all processes", "MB", total=memory)


def test_pages(capsys: pytest.CaptureFixture[str], app: AppProcesses) -> None:
    with client(app, app.demo()["api_key"]) as api:
        for path in ("conversations/", "assistants/", "contacts/"):
            show(capsys, f"GET {path}", "ms", **spread([timed(api, path) for _ in range(ROUNDS)]))


async def test_answers(capsys: pytest.CaptureFixture[str], app: AppProcesses) -> None:
    facts = app.demo()
    with client(app, facts["api_key"]) as api:
        source = next(row["id"] for row in facts["sources"] if row["kind"] == "api")
        rounds = [await answered(app, api, source, facts["api_key"]) for _ in range(10)]
    for name in ("message.created", "chunk", "end"):
        show(capsys, f"POST to {name}", "ms", **spread([times[name] for times in rounds]))


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


def resident(pid: int) -> float:
    """Return the memory that a process holds, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024
