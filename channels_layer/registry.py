"""Registries: what apps add to the layers below, by key, when Parley starts."""

from collections.abc import Hashable
from typing import NoReturn, TypeVar

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


class Registry(dict[K, V]):
    """Entries by key in the order of their registration, of which a key has one.

    It is filled in the ``ready()`` of apps only, so that it is whole when the first request or
    job comes. ``name`` is what one entry is called, such as "tool"; errors say it.
    """

    def __init__(self, name: str) -> None:
        """Begin without entries."""
        super().__init__()
        self._name = name

    def register(self, key: K, value: V) -> None:
        """Register ``value`` under ``key``; an equal one once more changes nothing.

        :raises ValueError: a different one has this key.
        """
        known = self.setdefault(key, value)
        if known is not value and known != value:
            message = f"The {self._name} {key!r} is registered already: {known!r}, not {value!r}."
            raise ValueError(message)

    def __missing__(self, key: K) -> NoReturn:
        """Say which entry there is not.

        :raises NotRegisteredError: always.
        """
        raise NotRegisteredError(self._name, key)
