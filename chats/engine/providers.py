"""Providers, made when the first is needed: the SDK behind them takes half a second to load."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chats.engine.reading.habits import Habits

if TYPE_CHECKING:
    from chats.engine.ports import TraitStore
    from chats.engine.provider import OpenAICompatible


def connect(
    *,
    base_url: str,
    api_key: str,
    max_tokens: int,
    traits: TraitStore,
    is_plain: bool = False,
    **seconds: float,
) -> OpenAICompatible:
    """Make a provider; ``seconds`` are those of its ``Timeouts`` that differ.

    ``is_plain`` says that its models surely never write reasoning into their text.
    """
    from chats.engine.provider import OpenAICompatible, Timeouts  # noqa: PLC0415 - see above

    return OpenAICompatible(
        base_url=base_url,
        api_key=api_key,
        timeouts=Timeouts(**seconds),
        max_tokens=max_tokens,
        habits=Habits(base_url, is_plain=is_plain),
        traits=traits,
    )


def load() -> None:
    """Load the SDK, so that no answer has to wait for it."""
    from chats.engine import provider  # noqa: F401, PLC0415 - see above
