"""Doubts: what models refused in words that may mean something else; the second time counts."""

import re
from collections import OrderedDict

from chats.engine.traits import Trait

MOST = 500
_FIGURES = re.compile(r"[\w-]*\d[\w-]*")
"""Numbers, and ids of requests."""


class Doubts:
    """What single requests have met, as long as the process lives."""

    def __init__(self) -> None:
        """Start with nothing met."""
        self._met: OrderedDict[tuple[str, ...], None] = OrderedDict()

    def confirms(self, model: str, trait: Trait) -> bool:
        """Return whether another request has met the same in the same words; note it."""
        key = (model, trait.kind, trait.subject, _FIGURES.sub("0", trait.words))
        is_known = key in self._met
        self._met[key] = None
        while len(self._met) > MOST:
            self._met.popitem(last=False)
        return is_known
