"""Providers, made when the first is needed: the SDK behind them takes half a second to load."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chats.engine.provider import OpenAICompatible


def connect(*, base_url: str, api_key: str, max_tokens: int, **seconds: float) -> OpenAICompatible:
    """Make a provider; ``seconds`` are those of its ``Timeouts`` that differ."""
    from chats.engine.provider import OpenAICompatible, Timeouts  # noqa: PLC0415 - see above

    return OpenAICompatible(
        base_url=base_url,
        api_key=api_key,
        timeouts=Timeouts(**seconds),
        max_tokens=max_tokens,
    )


def load() -> None:
    """Load the SDK, so that no answer has to wait for it."""
    from chats.engine import provider  # noqa: F401, PLC0415 - see above
