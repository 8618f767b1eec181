"""Registries: what apps add to the layers below, by key, when Parley starts."""

from collections.abc import Hashable, Iterator, Mapping
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class NotRegisteredError(KeyError):
    """Nothing is registered under a key."""

    def __init__(self, name: str, key: object) -> None:
        """Name the registry's entries and the key."""
        super().__init__(f"The {name} {key!r} is not registered.")

    def __str__(self) -> str:
        """Return the sentence; a plain ``KeyError`` would quote it."""
        return str(self.args[0])


class Registry(Mapping[K, V]):
    """Entries by key in the order of their registration, of which a key has one.

    It is filled in the ``ready()`` of apps only, so that it is whole when the first request or
    job comes. ``name`` is what one entry is called, such as "tool"; errors say it.
    """

    def __init__(self, name: str) -> None:
        """Begin without entries."""
        self._name = name
        self._entries: dict[K, V] = {}

    def register(self, key: K, value: V) -> None:
        """Register ``value`` under ``key``; an equal one once more changes nothing.

        :raises ValueError: a different one has this key.
        """
        known = self._entries.setdefault(key, value)
        if known is not value and known != value:
            message = f"The {self._name} {key!r} is registered already: {known!r}, not {value!r}."
            raise ValueError(message)

    def __getitem__(self, key: K) -> V:
        """Return the entry of ``key``.

        :raises NotRegisteredError: there is none.
        """
        try:
            return self._entries[key]
        except KeyError:
            raise NotRegisteredError(self._name, key) from None

    def __iter__(self) -> Iterator[K]:
        """Return the keys in the order of registration."""
        return iter(self._entries)

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self._entries)
