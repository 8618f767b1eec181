"""References as processes of their own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from config import env
from tests.servers import ports, template

REFERENCES = "tests.bench.references"


@contextmanager
def started(
    module: str, *arguments: str, python: str = sys.executable, **variables: str
) -> Iterator[int]:
    """Run a module as a program until the block ends; yield its process id."""
    process = subprocess.Popen(
        [python, "-m", module, *arguments],
        cwd=env.ROOT,
        env={**template.surroundings(), **variables},
    )
    try:
        yield process.pid
    finally:
        process.kill()
        process.wait()


@contextmanager
def listening(
    port: int, module: str, *arguments: str, python: str = sys.executable, **variables: str
) -> Iterator[int]:
    """Do the same with a program that is told to listen on ``port``, once it does."""
    with started(module, *arguments, python=python, **variables) as pid:
        ports.wait_for(f"the start of {module}", lambda: ports.is_open(port), within=60)
        yield pid
