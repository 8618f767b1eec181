"""Supervision: what dies comes back, and what is stopped is gone."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servers import ports
from tests.servers.parley import AppProcesses

pytestmark = [pytest.mark.drill, pytest.mark.timeout(240)]

EVERY_PROCESS = ("web", "live", "io", "redis", "demo_model", "demo_graph", "demo_orders")


@pytest.fixture(scope="module")
def running() -> Iterator[AppProcesses]:
    """Yield an instance that is started again whenever a drill has ended it."""
    instance = AppProcesses(is_prepared=False)
    instance.start()
    yield instance
    if instance.is_running():
        instance.wait_until_ready()
        instance.assert_sound()
        instance.stop()
    shutil.rmtree(instance.data_dir, ignore_errors=True)


@pytest.fixture
def instance(running: AppProcesses) -> AppProcesses:
    """Return the instance, ready."""
    if not running.is_running():
        running.start()
    running.wait_until_ready()
    return running


@pytest.mark.parametrize("name", EVERY_PROCESS)
def test_a_process_that_dies_comes_back(instance: AppProcesses, name: str) -> None:
    former = instance.kill(name)
    instance.wait_for_another(name, former)
    instance.wait_until_ready()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_leaves_nothing_behind(instance: AppProcesses, number: signal.Signals) -> None:
    before = everything(instance)
    assert instance.stop(number=number) == 0
    assert alive(before) == []
    assert left_behind(instance.data_dir) == []


@pytest.mark.parametrize(
    "victim",
    [AppProcesses.launcher_pid, AppProcesses.supervisor_pid],
    ids=["launcher", "supervisor"],
)
def test_nothing_survives_its_parent(
    instance: AppProcesses, victim: Callable[[AppProcesses], int]
) -> None:
    before = everything(instance)
    os.kill(victim(instance), signal.SIGKILL)
    ports.wait_for("the end of every process", lambda: alive(before) == [], within=20)
    assert not instance.is_running()


def test_a_second_start_prepares_nothing(instance: AppProcesses) -> None:
    instance.stop()
    (instance.data_dir / "output.log").write_text("")
    instance.start()
    assert "Preparing" not in (instance.data_dir / "output.log").read_text()


def everything(instance: AppProcesses) -> list[int]:
    """Return the ids of all processes of the instance."""
    own = [instance.launcher_pid(), instance.supervisor_pid()]
    return own + [instance.pid(name) for name in EVERY_PROCESS]


def alive(pids: list[int]) -> list[int]:
    """Those of ``pids`` that still run; what waits to be reaped does not."""
    return [pid for pid in pids if _state(pid) not in {"", "Z"}]


def left_behind(data_dir: Path) -> list[str]:
    """Return sockets and process ids that were not removed."""
    paths = [*data_dir.glob("run/*.pid"), *data_dir.rglob("*.sock")]
    return [str(path.relative_to(data_dir)) for path in paths]


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""
