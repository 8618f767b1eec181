"""The supervisor: its Python processes are copies of it, and behave as processes of their own."""

import configparser
import os
import shlex
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from config import env
from config.supervision import instance, processes

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="forks")]

FORKED = """
import os, sys
from config.supervision import program
parent = os.getpid()
if not (pid := os.fork()):
    program.run(sys.argv[2:], {"GIVEN": "yes"}, parent=parent, pid_file=sys.argv[1])
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""


def forked(folder: Path, body: str, *arguments: str) -> tuple[list[str], str]:
    """Run a module of ``body`` in a copy; return what it printed, then its code, and its errors."""
    (folder / "sample.py").write_text(textwrap.dedent(body))
    done = subprocess.run(
        [sys.executable, "-c", FORKED, str(folder / "one.pid"), "sample", *arguments],
        env={**os.environ, "PYTHONPATH": f"{env.ROOT}:{folder}"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines(), done.stderr


def test_a_copy_is_the_program(tmp_path: Path) -> None:
    printed, _errors = forked(
        tmp_path,
        """
        import os, signal, sys
        assert __name__ == "__main__"
        print(sys.argv[1:], os.environ["GIVEN"], signal.getsignal(signal.SIGTERM).name)
        print(os.getpid() == int(open(sys.argv[1]).read()))
        print(open("/proc/self/comm").read().strip())
        print(open("/proc/self/cmdline").read().strip(chr(0)))
        """,
        str(tmp_path / "one.pid"),
    )
    assert printed == [
        f"['{tmp_path}/one.pid'] yes SIG_DFL",
        "True",
        "parley: one",
        "parley: one",
        "0",
    ]


@pytest.mark.parametrize(
    ("body", "code", "told"),
    [
        ("raise SystemExit(3)", "3", ""),
        ("raise SystemExit('PORT must be a number')", "1", "PORT must be a number\n"),
        ("1 / 0", "1", "ZeroDivisionError"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", "-15", ""),
    ],
)
def test_a_copy_ends_as_a_program_does(tmp_path: Path, body: str, code: str, told: str) -> None:
    printed, errors = forked(tmp_path, body)
    assert printed == [code]
    assert told in errors


def test_the_end_waits_for_threads_and_does_what_was_registered(tmp_path: Path) -> None:
    printed, _errors = forked(
        tmp_path,
        """
        import atexit, threading
        atexit.register(print, "registered")
        threading.Thread(target=lambda: (threading.Event().wait(0.1), print("thread"))).start()
        """,
    )
    assert printed == ["thread", "registered", "0"]


LOADED = """
import os, sys, threading
from config.supervision import common
common.load()
def is_usable():
    if not (pid := os.fork()):
        os._exit(common.is_usable())
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
threads = threading.active_count()
files = len(os.listdir("/proc/self/fd"))
print("openai" in sys.modules, "celery.apps.worker" in sys.modules)
print(threads, files, "twisted.internet.reactor" in sys.modules, common.is_usable(), is_usable())
common._loaded.files[common.__file__] = 1
print(is_usable())
"""


def loaded(folder: Path, **variables: str) -> list[str]:
    """Load what processes have in common in a process of its own; return what it says of it."""
    given = {"DATA_DIR": str(folder), "DEBUG": "on", "PATH": os.environ["PATH"], **variables}
    command = [sys.executable, "-c", LOADED]
    done = subprocess.run(
        command, cwd=env.ROOT, env=given, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def test_nothing_is_begun_before_the_fork(tmp_path: Path) -> None:
    """A copy is used while the code is as it was loaded, by nobody but a copy."""
    # Its three, and the one that lists them.
    assert loaded(tmp_path) == ["True True", "1 4 False False 1", "0"]


def test_what_does_not_load_is_left_to_the_processes(tmp_path: Path) -> None:
    assert loaded(tmp_path, DJANGO_SETTINGS_MODULE="no.settings")[1].endswith("False 0")


def test_what_a_child_runs_is_read_from_the_settings(tmp_path: Path) -> None:
    given = {"DEBUG": "on", "DATA_DIR": str(tmp_path)}
    place = instance.open_instance(env.read(given), given)
    settings = configparser.RawConfigParser()
    settings.read_string(processes.supervisor_settings(place))
    found = {
        process.name: processes.module_of(
            shlex.split(settings[f"program:{process.name}"]["command"].replace("%%", "%"))
        )
        for process in processes.processes(place)
    }
    pid_files = {name: pid_file for name, (pid_file, _module) in found.items()}
    assert pid_files == {name: str(processes.pid_file(place, name)) for name in found}
    assert found["web"][1] == ["config.serve"]
    assert found["live"][1][:3] == ["celery", "-A", "config"]
    assert found["redis"][1] == []
    assert processes.module_of(["redis-server"]) == ("", [])
