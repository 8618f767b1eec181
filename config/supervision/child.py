"""``child.py PIDFILE COMMAND…``: become COMMAND, and die with the one that started it.

Run as a plain script (``python -I -S``), so that it costs a few milliseconds.
"""

import ctypes
import os
import signal
import sys

_SET_PARENT_DEATH_SIGNAL = 1


def die_with_parent() -> None:
    """Ask the kernel for SIGTERM when the parent is gone (Linux; elsewhere nothing happens)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def begin(parent: int, pid_file: str) -> None:
    """Die with ``parent``, now if it is gone already; note the process id in ``pid_file``."""
    die_with_parent()
    if os.getppid() != parent:
        sys.exit(1)
    with open(pid_file, "w", encoding="ascii") as file:  # noqa: PTH123  (pathlib is slow to load)
        file.write(str(os.getpid()))


def main() -> None:
    """Note the process id, then become the command."""
    begin(os.getppid(), sys.argv[1])
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606  (the command comes from our own settings)


if __name__ == "__main__":
    main()
