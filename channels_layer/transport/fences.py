"""Fences: notify live workers at once that a right has moved on. They check the row besides."""

import logging
import threading
from collections.abc import Callable

from django.db import transaction
from redis.client import PubSub

from channels_layer.transport import broadcast, redis_clients
from channels_layer.transport.broadcast import FENCES
from channels_layer.transport.writer import Publish, writer

logger = logging.getLogger(__name__)

Callback = Callable[[str, str], None]

PAUSE = 0.5
WAIT = 1.0
PING_AFTER = 5

_here: list[Callback] = []


def announce(kind: str, id: object) -> None:
    """Notify every live worker, after the commit, that the row ``id`` of ``kind`` changed."""
    transaction.on_commit(lambda: _send(kind, str(id)), robust=True)


def listen(callback: Callback) -> Callable[[], None]:
    """Call ``callback(kind, id)`` from a thread for every announcement; return what stops it.

    Survives restarts of Redis; what is announced meanwhile is lost. Without Redis it is called
    in the announcing thread.
    """
    if not redis_clients.url():
        _here.append(callback)
        return lambda: _here.remove(callback)
    listener = _Listener(callback)
    listener.start()
    return listener.stop


def _send(kind: str, id_: str) -> None:
    if redis_clients.url():
        channel = redis_clients.name(broadcast.FENCES)
        writer().put(Publish(channel, f"{kind} {id_}".encode()))
        return
    for callback in _here:
        callback(kind, id_)


class _Listener(threading.Thread):
    """Follows the channel, whatever happens to Redis."""

    def __init__(self, callback: Callback) -> None:
        super().__init__(name="parley-fences", daemon=True)
        self._callback = callback
        self._ended = threading.Event()

    def stop(self) -> None:
        self._ended.set()
        self.join(timeout=2 * WAIT)

    def run(self) -> None:
        while not self._ended.is_set():
            try:
                self._follow()
            except redis_clients.FAILURES as error:
                logger.warning("The channel of fences is lost: %s", error)
            except Exception:
                logger.exception("The channel of fences is lost")
            self._ended.wait(PAUSE)

    def _follow(self) -> None:
        with redis_clients.client() as client, client.pubsub() as pubsub:
            pubsub.subscribe(redis_clients.name(FENCES))
            silent = 0
            while not self._ended.is_set():
                silent = 0 if self._take(pubsub) else silent + 1
                if silent and silent % PING_AFTER == 0:
                    pubsub.ping()
                if silent > 2 * PING_AFTER:
                    return

    def _take(self, pubsub: PubSub) -> bool:
        message = pubsub.get_message(timeout=WAIT)
        if message is None:
            return False
        if message["type"] == "message":
            kind, _, id_ = message["data"].decode().partition(" ")
            self._call(kind, id_)
        return True

    def _call(self, kind: str, id_: str) -> None:
        try:
            self._callback(kind, id_)
        except Exception:
            logger.exception("A listener failed for %s %s", kind, id_)
