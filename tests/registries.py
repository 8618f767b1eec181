"""Registries that a test may fill."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, TypeVar
from unittest.mock import patch

from channels_layer.registry import Registry

K = TypeVar("K")
V = TypeVar("V")


@contextmanager
def restored(*registries: Registry[Any, Any], are_empty: bool = False) -> Iterator[None]:
    """Let a test register what it wants; afterwards every registry is as before."""
    with ExitStack() as stack:
        for registry in registries:
            stack.enter_context(patch.dict(registry, clear=are_empty))
        yield


@contextmanager
def replaced(registry: Registry[K, V], key: K, value: V) -> Iterator[None]:
    """Let ``value`` stand under ``key``, whatever is registered there, until the end."""
    with patch.dict(registry, {key: value}):
        yield
