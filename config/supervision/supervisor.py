"""``python -m config.supervision.supervisor``: supervisord, whose Python processes are its copies.

What they all load is loaded once, before the first of them, and its memory is shared.
"""

import os
from collections.abc import Mapping

from supervisor import supervisord
from supervisor.options import ServerOptions

from config.supervision import common, processes, program


class Options(ServerOptions):
    """Supervisord's, but for how a child that it has forked becomes its program."""

    def execve(self, filename: str, argv: list[str], env: Mapping[str, str]) -> None:
        """Run a module of Python in the copy that this process is, anything else anew."""
        pid_file, module = processes.module_of(argv)
        if module and common.is_usable():
            program.run(module, env, parent=os.getppid(), pid_file=pid_file)
        os.execve(filename, argv, env)  # noqa: S606  (the command comes from our own settings)


def main() -> None:
    """Load what the processes have in common, then supervise them as the settings say."""
    common.load()
    supervisord.ServerOptions = Options
    supervisord.main()


if __name__ == "__main__":
    main()
