"""Strangers: whatever they send costs little and holds little."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

import pytest

from tests import pace
from tests.drills.visitors import Crowd
from tests.fakes.files import photo
from tests.hostile.pictures import hostile_pictures
from tests.hostile.texts import hostile_texts
from tests.servers.parley import AppProcesses

pytestmark = [pytest.mark.drill, pytest.mark.deadline, pytest.mark.timeout(900)]

IS_FULL = os.environ.get("DRILL_ROUNDS") == "full"
STEP = 1 if IS_FULL else 2
"""Each text at full size, every other one in the suite."""
PICTURES = 50
"""So many in the suite, all of them at full size."""
MOST_TO_TAKE_IN = 0.050
MOST_TO_SHOW = 0.005
"""An ordinary core's seconds of computing in the web process."""
MOST_HELD = 32 * 1024 * 1024
TAKEN_OR_REFUSED = {HTTPStatus.CREATED, HTTPStatus.BAD_REQUEST, 413, 415}
TRIES = 6
"""How often what cost too much is tried again, beside a reference and a short text."""
PAGE = os.sysconf("SC_PAGE_SIZE")
WORKING = ("web", "live", "io")


@pytest.fixture(scope="module")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppProcesses]:
    """Yield an instance of the drill's own, where nobody has to pause between messages."""
    # Measured without the checks of whatever is sent.
    instance = AppProcesses(
        tmp_path_factory.mktemp("strangers"),
        SEND_INTERVAL_SECONDS="0",
        DJANGO_SETTINGS_MODULE="config.settings.development",
    )
    instance.start()
    yield instance
    instance.assert_sound(within=120)
    instance.stop()


@pytest.fixture(scope="module")
def key(besieged: AppProcesses) -> str:
    """Return the key of the demo's widget."""
    return str(besieged.demo()["widget_key"])


def test_hostile_texts_cost_little(besieged: AppProcesses, key: str) -> None:
    texts = hostile_texts()[::STEP]
    assert len(texts) >= 500
    web = besieged.pid("web")
    taken, shown = [], []
    with Crowd(besieged.url, key, things=10) as crowd:
        for _ in range(10):
            costs(web, crowd, "Hello")
        base = min(costs(web, crowd, "Hello")[1] for _ in range(10))
        for text in texts:
            takes, shows = costs(web, crowd, text)
            more = shows - base
            for _ in range(TRIES):
                if takes <= MOST_TO_TAKE_IN and more <= MOST_TO_SHOW:
                    break
                slowness, short = pace.slowness(), costs(web, crowd, "Hello")[1]
                again = costs(web, crowd, text)
                takes = min(takes, again[0] / slowness)
                more = min(more, (again[1] - short) / slowness)
            taken.append((takes, text[:80]))
            shown.append((more, text[:80]))
    assert max(taken)[0] <= MOST_TO_TAKE_IN, max(taken)
    assert max(shown)[0] <= MOST_TO_SHOW, max(shown)


def test_hostile_pictures_hold_little(besieged: AppProcesses, key: str) -> None:
    every = hostile_pictures()
    assert len(every) >= PICTURES
    pictures = every if IS_FULL else [every[i * len(every) // PICTURES] for i in range(PICTURES)]
    pids = {name: besieged.pid(name) for name in WORKING}
    with Crowd(besieged.url, key, things=10) as crowd:
        visitor, conversation = crowd.next()
        assert visitor.upload(conversation, "lamp.jpg", photo()) == HTTPStatus.CREATED
        before = {name: resident(pid) for name, pid in pids.items()}
        with watched(pids) as peaks:
            for name, data in pictures:
                visitor, conversation = crowd.next()
                answer = visitor.upload(conversation, name, data)
                assert answer in TAKEN_OR_REFUSED, (name, answer)
    held = {name: peaks[name] - before[name] for name in pids}
    assert max(held.values()) <= MOST_HELD, held
    assert {name: besieged.pid(name) for name in WORKING} == pids


def costs(web: int, crowd: Crowd, text: str) -> tuple[float, float]:
    """Return the web process's seconds of computing to take a text in, and to show it."""
    visitor, conversation = crowd.next()
    at_first = computing(web)
    status = visitor.say(conversation, text)
    taken = computing(web)
    # What shows nothing is refused as empty; that has its cost, too.
    assert status in {HTTPStatus.CREATED, HTTPStatus.BAD_REQUEST}, (status, text[:80])
    visitor.messages(conversation, limit=1)
    return taken - at_first, computing(web) - taken


def computing(pid: int) -> float:
    """Return the seconds that a process has computed, those of its ended threads included."""
    # clock_getcpuclockid(3): the clock of a process is made of its id.
    return time.clock_gettime((~pid << 3) | 2)


def resident(pid: int) -> int:
    """Return the bytes of memory that a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE


@contextmanager
def watched(pids: dict[str, int]) -> Iterator[dict[str, int]]:
    """Yield the highest memory of each process during the block; complete at its end."""
    peaks = {name: resident(pid) for name, pid in pids.items()}
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.01):
            for name, pid in pids.items():
                peaks[name] = max(peaks[name], resident(pid))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield peaks
    finally:
        ended.set()
        watching.join()
