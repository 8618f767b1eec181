"""What benchmarks share: how a figure is shown."""

import resource
from collections.abc import Iterator

import pytest

from tests.bench.figures import Figure, Show


@pytest.fixture
def show(capsys: pytest.CaptureFixture[str]) -> Show:
    """Return what writes a figure as one line of JSON."""

    def show(figure: Figure) -> None:
        with capsys.disabled():
            print(figure.line(), flush=True)  # noqa: T201 - the figures are the output

    return show


@pytest.fixture(scope="session")
def many_sockets() -> Iterator[None]:
    """Let this process, and those that it starts, open as many sockets as the machine allows."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)
