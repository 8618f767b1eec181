"""What the processes of an instance have in common: loaded once, by the one that forks them all.

Nothing is begun by it that a copy could not go on with: no thread, connection, file or event loop.
"""

import contextlib
import os
import sys
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from config import env

_LIBRARIES = (
    # A worker's.
    *("celery.apps.worker", "celery.bin.celery", "celery.concurrency.thread"),
    *("celery.worker.components", "celery.worker.consumer", "celery.worker.strategy"),
    *("django.core.cache.backends.redis", "kombu.transport.redis"),
    # The model's SDK, which loads most of itself with the first answer, and the prices.
    *("anyio._backends._asyncio", "genai_prices.data", "httpcore2", "httpx"),
    "openai.resources.chat.completions.completions",
    # The web process's and the demo's; Twisted's reactor is no part of it.
    *("autobahn.twisted.websocket", "twisted.internet.asyncioreactor", "twisted.web.http"),
    *("uvicorn.protocols.http.httptools_impl", "uvloop"),
)
_OWN = frozenset(path.parent.name for path in env.ROOT.glob("*/__init__.py"))


@dataclass
class _Loaded:
    """Which process has loaded it, and when our files among it were written."""

    by: int = 0
    files: dict[str, int] = field(default_factory=dict)


_loaded = _Loaded()


def load() -> None:
    """Load it; what fails here fails in each process, which says so in its log.

    Elsewhere than on Linux a copy without a program of its own is not safe with all libraries.
    """
    if sys.platform != "linux":
        return
    with contextlib.suppress(Exception, SystemExit):
        _import()
        _loaded.files = _files()
        _loaded.by = os.getpid() if _is_alone() else 0


def is_usable() -> bool:
    """Return whether this process is a copy of one that has loaded the code as it is now."""
    is_copy = _loaded.by == os.getppid()
    return is_copy and all(_written(file) == at for file, at in _loaded.files.items())


def _import() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", env.settings_module())
    import_module("django").setup(set_prefix=False)
    app = import_module("config.celery").app
    app.loader.import_default_modules()
    app.finalize(auto=True)
    for name in ("config.asgi", *_LIBRARIES):
        import_module(name)
    import_module("chats.engine.providers").load()
    import_module("config.memory").settle()


def _files() -> dict[str, int]:
    """Return our own modules' files, and when each was written."""
    own = [module for name, module in sys.modules.items() if name.partition(".")[0] in _OWN]
    # New strings, which lie together: what a copy reads becomes its own, a page at a time.
    files = [str(Path(module.__file__).absolute()) for module in own if module.__file__]
    return {file: _written(file) for file in files}


def _written(file: str) -> int:
    """Return when a file was written, in nanoseconds; 0 when it is gone."""
    try:
        return os.stat(file).st_mtime_ns  # noqa: PTH116  (a path would be made of each)
    except OSError:
        return 0


def _is_alone() -> bool:
    """Return whether no library has begun a thread, which a copy would lack."""
    return len(list(Path("/proc/self/task").iterdir())) == 1
