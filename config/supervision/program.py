"""Running a module as ``python -m`` does, in a copy of this process instead of a new one."""

import ctypes
import os
import runpy
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from config.supervision import child

_CAUGHT = (signal.SIGCHLD, signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM, signal.SIGUSR2)
"""What the supervisor listens to; a program begins without."""
_SET_NAME = 15
_LONGEST_NAME = 15
_FROM, _UNTIL = 45, 46
"""The fields of ``/proc/self/stat`` behind the name that say where the command line lies."""


def run(
    module: Sequence[str], environment: Mapping[str, str], *, parent: int, pid_file: str
) -> NoReturn:
    """Run ``module``, a name and its arguments, to its end; end this copy of ``parent`` so."""
    for number in _CAUGHT:
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    child.begin(parent, pid_file)
    call_process(f"parley: {Path(pid_file).stem}")
    os.environ.update(environment)
    sys.argv = list(module)
    code = _code_of(module[0])
    # As the interpreter ends itself: threads are waited for, what was registered for it is done.
    ctypes.pythonapi.Py_Exit(code)
    raise AssertionError


def call_process(name: str) -> None:
    """Let ``ps`` and ``top`` show ``name`` instead of the command line of what was copied."""
    ctypes.CDLL(None).prctl(_SET_NAME, name.encode()[:_LONGEST_NAME])
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    begin, room = int(fields[_FROM]), int(fields[_UNTIL]) - int(fields[_FROM])
    if begin and room > 0:
        ctypes.memmove(begin, name.encode()[: room - 1].ljust(room, b"\0"), room)


def _code_of(name: str) -> int:
    """Run the module ``name``; return the exit code."""
    try:
        runpy.run_module(name, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        sys.stderr.write(f"{end.code}\n")
        return 1
    except BaseException:  # noqa: BLE001 - whatever it is, it is told as every program's end is
        sys.excepthook(*sys.exc_info())
        return 1
    return 0
