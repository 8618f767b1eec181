"""Channel layers for tests: one that is watched, and that of deployments."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from channels.layers import channel_layers, get_channel_layer

from channels_layer.transport import layer_thread, outbound
from channels_layer.transport.layers import RedisLayer

Handed = Callable[[str, dict[str, Any]], bool]


class Watched:
    """Asks ``passes`` about what groups are sent, and hands on what it lets through."""

    def __init__(self, layer: Any, passes: Handed) -> None:
        self.layer = layer
        self._passes = passes

    def __getattr__(self, name: str) -> Any:
        return getattr(self.layer, name)

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        """Send what passes."""
        if message["type"] != "items" or self._passes(group, message):
            await self.layer.group_send(group, message)


@contextmanager
def watched(passes: Handed) -> Iterator[Any]:
    """Ask ``passes`` about all that this process sends to groups; yield the layer behind."""
    outbound.current().flush()
    layer: Any = get_channel_layer()
    channel_layers.set("default", Watched(layer, passes))
    try:
        yield layer
    finally:
        outbound.current().flush()
        channel_layers.set("default", layer)


class Recorded:
    """What this process sent to groups, in order."""

    def __init__(self) -> None:
        self._items: list[tuple[str, list[Any]]] = []

    def take(self, group: str, message: dict[str, Any]) -> bool:
        """Keep the items; the followers get them, too."""
        self._items += [(group, item) for item in message["items"]]
        return True

    def of(self, group: str) -> list[list[Any]]:
        """Return what a group was sent up to now, taken or not."""
        return [item for name, item in self._items if name == group]

    @property
    def items(self) -> list[tuple[str, list[Any]]]:
        """All items with their groups; waits until everything is sent."""
        assert outbound.current().flush(5)
        return list(self._items)


@contextmanager
def recorded() -> Iterator[Recorded]:
    """Record what this process sends to groups."""
    record = Recorded()
    with watched(record.take):
        yield record


@contextmanager
def redis_layer(url: str) -> Iterator[None]:
    """Let the process's layer be that of deployments, on the Redis at ``url``."""
    own = get_channel_layer()
    layer = RedisLayer(hosts=[url], prefix="parley:")
    channel_layers.set("default", layer)
    try:
        yield
    finally:
        outbound.current().flush()
        channel_layers.set("default", own)
        layer_thread.current().submit(layer.flush()).result(10)
