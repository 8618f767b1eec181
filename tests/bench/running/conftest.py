"""What the figures of a running Parley share: one instance, one model, the references beside it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.clients import run
from tests.bench.programs import REFERENCES, listening
from tests.bench.running.bare import Bare, running_bare
from tests.bench.running.chainlit import Chainlit, python_with_chainlit, running_chainlit
from tests.bench.running.parley import AtOnce, Parley
from tests.bench.running.paths import WARM_UP, answers
from tests.servers import ports
from tests.servers.parley import AppProcesses
from tests.servers.redis import RedisServer


@pytest.fixture(scope="package")
def model(many_sockets: None) -> Iterator[str]:
    """Yield the address of the stand-in model."""
    del many_sockets
    port = ports.free_port()
    with listening(port, f"{REFERENCES}.stamped_model", str(port)):
        yield f"http://127.0.0.1:{port}/v1"


@pytest.fixture(scope="package")
def parley(model: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parley]:
    """Yield a running Parley that has answered already."""
    folder = Path(tmp_path_factory.mktemp("parley"))
    instance = AppProcesses(
        folder,
        LLM_BASE_URL=model,
        LLM_API_KEY="none",
        LLM_MODEL="stamped",
        # What is measured is the product, without the check of what it sends.
        PARLEY_TEST_UNCHECKED="on",
    )
    instance.start()
    try:
        running = Parley(instance)
        run(answers(running, WARM_UP, streams=4))
        yield running
    finally:
        instance.stop()


@pytest.fixture(scope="package")
def at_once(parley: Parley) -> AtOnce:
    """Return the same instance, asked through the source that gathers nothing."""
    return AtOnce(parley)


@pytest.fixture(scope="package")
def bare(model: str, redis_process: RedisServer) -> Iterator[Bare]:
    """Yield the bare programs, which have answered already."""
    with running_bare(redis_process, model) as running:
        run(answers(running, WARM_UP, streams=4))
        yield running


@pytest.fixture(scope="package")
def chainlit(model: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chainlit | None]:
    """Yield a Chainlit that has answered already, where one is installed."""
    python = python_with_chainlit()
    if python is None:
        yield None
        return
    with running_chainlit(python, model, tmp_path_factory.mktemp("chainlit")) as running:
        run(answers(running, WARM_UP, streams=4))
        yield running
