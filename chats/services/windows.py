"""Windows: how many tokens the model of a run reads, the answer included."""

from django.conf import settings
from genai_prices import data_snapshot

from chats.models import Run
from chats.services import traits

DEFAULT = 32_000
LARGEST = 200_000
"""Tokens that are used of a window that nobody has set, however large it is."""


def window_of(run: Run) -> int:
    """Return the window of the run's model: as it is set, unless the model has said a smaller one.

    What the assistant says comes before what the deployment says; without both, what the model has
    said counts, or what is known of it.
    """
    stated = traits.window(url=traits.base_url(), model=run.model)
    wanted = run.assistant.context_tokens or settings.LLM_CONTEXT_TOKENS
    if wanted:
        return min(wanted, stated or wanted)
    return min(stated or _known(run.model), LARGEST)


def _known(model: str) -> int:
    """Return the window of ``model`` as its maker publishes it."""
    try:
        _, found = data_snapshot.get_snapshot().find_provider_model(model, None, None, None)
    except LookupError:
        return DEFAULT
    return found.context_window or DEFAULT
