"""Profiles: what is peculiar to each model server, as data."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.model_servers.rules import Rule
from tests.fakes.model_servers.script import Saying
from tests.fakes.model_servers.shapes import Json, Shape


@dataclass(frozen=True)
class Profile:
    """A model server: how strictly it reads requests, and how it writes its streams."""

    source: str
    """The kind of source from which its ways are known."""
    quirks: tuple[str, ...]
    """What one would not expect of it, in words."""
    shape: Shape = field(default_factory=Shape)
    rules: tuple[Rule, ...] = ()
    has_tools: bool = True
    refusals: int = 0
    """How many requests it refuses, at most, until its ways are learnt."""
    options: dict[str, Any] = field(default_factory=dict)
    """Options of the assistant beside temperature and length."""
    slices: int = 97
    """The bytes of each piece in which the stream is sent; 0 sends it at once."""
    reads_for: float = 0.0
    """Seconds until the first byte of the answer."""
    alive: bytes = b""
    """What it sends meanwhile."""
    is_cut: bool = False
    """Whether it closes the connection in the middle of its answer."""
    script: Callable[[Json], Saying] | None = None
    """What the model says, where it is not what all say."""
