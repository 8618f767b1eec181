"""Starting: what ``make run`` refuses, in one line and at once."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from config import env
from config.supervision import instance, preparation, processes

pytestmark = pytest.mark.slow


def start(**variables: str) -> subprocess.CompletedProcess[str]:
    """Run the start until it refuses."""
    return subprocess.run(
        [sys.executable, "-m", "config.supervision"],
        cwd=env.ROOT,
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )


def place(data_dir: Path, **variables: str) -> instance.Instance:
    """Return an instance that is not started."""
    given = {"DEBUG": "on", "DATA_DIR": str(data_dir), **variables}
    return instance.open_instance(env.read(given), given)


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "eighty"), ("REDIS_URL", "x"), ("LOG_FORMAT", "xml"), ("DATABASE_URL", "x")],
)
def test_a_malformed_variable_is_one_line(tmp_path: Path, name: str, value: str) -> None:
    done = start(DATA_DIR=str(tmp_path), **{name: value})
    assert done.returncode == 1
    assert done.stderr.startswith(f"{name} must be ")
    assert done.stderr.count("\n") == 1


def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = start(DATA_DIR=str(tmp_path), PORT=str(port))
    assert done.returncode == 1
    assert done.stderr.startswith("PORT must be free")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_an_address_of_another_machine_is_one_line(tmp_path: Path, host: str) -> None:
    done = start(DATA_DIR=str(tmp_path), HOST=host, ALLOW_UNSAFE_HOST="on")
    assert done.returncode == 1
    assert done.stderr.startswith("HOST must be an address or name of this machine")
    assert done.stderr.count("\n") == 1


def test_the_demo_s_logins_are_not_for_other_machines(tmp_path: Path) -> None:
    place(tmp_path)
    (tmp_path / "run" / "demo-loaded").touch()
    given = {"DATA_DIR": str(tmp_path), "DEBUG": "off", "SECRET_KEY": "k" * 40}
    done = start(**given, HOST="0.0.0.0")  # noqa: S104
    assert done.returncode == 1
    assert done.stderr.startswith("HOST must be an address of this machine alone")
    assert done.stderr.count("\n") == 1


def test_a_data_directory_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = start(DATA_DIR=str(tmp_path / "file" / "below"))
    assert done.returncode == 1
    assert done.stderr.startswith("DATA_DIR must be a folder that can be written to")
    assert done.stderr.count("\n") == 1


def test_a_second_start_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    running = place(tmp_path, PORT="65123")
    with running.lock():
        done = start(DATA_DIR=str(tmp_path), PORT="65124")
    assert done.returncode == 1
    assert "Another Parley is running" in done.stderr


def test_run_env_is_for_its_owner_alone(tmp_path: Path) -> None:
    running = place(tmp_path, LLM_BASE_URL="https://models.example/v1", LLM_API_KEY="secret")
    running.write_run_file()
    path = tmp_path / "run.env"
    assert path.stat().st_mode & 0o777 == 0o600
    assert env.merged({"DATA_DIR": str(tmp_path)})["LLM_API_KEY"] == "secret"


def test_redis_listens_where_only_its_owner_may_enter(tmp_path: Path) -> None:
    socket_path = place(tmp_path).redis_socket
    assert socket_path is not None
    assert socket_path.parent.stat().st_mode & 0o777 == 0o700


def test_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 60) / ("y" * 60)
    socket_path = place(deep).redis_socket
    assert socket_path is not None
    assert len(os.fsencode(socket_path)) < 108
    socket_path.parent.rmdir()


def test_what_is_provided_is_not_started(tmp_path: Path) -> None:
    own = place(
        tmp_path,
        REDIS_URL="redis://127.0.0.1:1",
        LLM_API_KEY="x",
        WHATSAPP_GRAPH_URL="http://127.0.0.1:1",
        DEMO_ORDERS_URL="http://127.0.0.1:1",
    )
    assert [process.name for process in processes.processes(own)] == ["web", "live", "io"]
    usual = place(tmp_path)
    names = [process.name for process in processes.processes(usual)]
    assert names == ["redis", "demo_model", "demo_graph", "demo_orders", "web", "live", "io"]


def test_the_demo_s_orders_stay_where_tools_call_them(tmp_path: Path) -> None:
    first = place(tmp_path, OUTGOING_ALLOW="10.0.0.5:8080")
    address = f"127.0.0.1:{first.demo_orders_port}"
    assert first.variables["DEMO_ORDERS_URL"] == f"http://{address}"
    assert first.variables["OUTGOING_ALLOW"] == f"10.0.0.5:8080,{address}"
    assert place(tmp_path).demo_orders_port == first.demo_orders_port

    with socket.create_server(("127.0.0.1", first.demo_orders_port or 0)):
        assert place(tmp_path).demo_orders_port not in {None, first.demo_orders_port}


def test_no_process_waits_for_the_model_s_sdk(tmp_path: Path) -> None:
    """It takes half a second to load; workers load it beside their first work."""
    all_of_it = (
        "import sys, django; django.setup(); import config.urls, chats.tasks, config.celery;"
        "print('openai' in sys.modules)"
    )
    given = {"DJANGO_SETTINGS_MODULE": "config.settings.development", "DATA_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", all_of_it],
        cwd=env.ROOT,
        env={"PATH": os.environ["PATH"], "DEBUG": "on", **given},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n"


def test_a_prepared_folder_may_be_moved(tmp_path: Path) -> None:
    first, second = place(tmp_path / "one"), place(tmp_path / "two")
    assert preparation.fingerprint(first) == preparation.fingerprint(second)
    other = place(tmp_path / "three", DATABASE_URL=f"sqlite:///{tmp_path}/other.sqlite3")
    assert preparation.fingerprint(first) != preparation.fingerprint(other)
