"""AdaptiveCall: one call of a model, written anew for each refusal that one can do without."""

from collections.abc import Iterable

from chats.engine import adaptations, requests
from chats.engine.adaptations import Sent
from chats.engine.doubts import Doubts
from chats.engine.parts import Json, ModelError, ModelRequest
from chats.engine.ports import TraitStore
from chats.engine.reading.habits import Lesson
from chats.engine.refusals import Refusal
from chats.engine.requests import Defaults
from chats.engine.traits import NO_IMAGES, Trait, Traits

MOST_ADAPTATIONS = 5
"""How often a call is written anew before its refusal counts."""
_STATED = 400
"""The status of a refusal that comes within a stream, after the status of success."""
_FAULTS = 500
"""The lowest status of a server's own faults."""


class AdaptiveCall:
    """One call of a model; ``body`` is what to send next."""

    def __init__(
        self, request: ModelRequest, known: Traits, defaults: Defaults, doubts: Doubts
    ) -> None:
        """Write ``request`` for a model of which ``known`` is known, and ``doubts`` are left."""
        self.request = request
        self._traits = known if request.may_lose_images else _seeing(known)
        self._defaults = defaults
        self._doubts = doubts
        self._doubted: set[tuple[str, str]] = set()
        self._learnt: list[Trait] = []
        self._seen: list[Trait] = []
        self._unseen: list[str] = []
        self._room = MOST_ADAPTATIONS
        self.body: Json = requests.body_of(request, self._traits, defaults)

    @property
    def known(self) -> set[str]:
        """The kinds of the traits that the model is known by."""
        return {trait.kind for trait in self._traits}

    def adapts_to(self, error: ModelError) -> bool:
        """Write the call anew after ``error``; return whether that makes sense.

        What may be a passing fault is asked once more as it is.
        """
        refusal = error.refusal or Refusal(_STATED, error.detail)
        is_refusal = error.code in {"refused", "unavailable", "rate_limited"}
        if self._room <= 0 or not is_refusal or error.generation is not None:
            return False
        self._room -= 1
        sent = Sent(self.body, self._traits, requests.tokens_of(self.body))
        found = self._allowed(adaptations.traits_of(refusal, sent))
        if not found:
            return False
        is_passing = refusal.status >= _FAULTS or error.code == "unavailable"
        is_said_outright = refusal.status < _FAULTS and all(trait.is_sure for trait in found)
        subjects = {(trait.kind, trait.subject) for trait in found}
        # The words may bear another id each time; what they are about stays the same.
        if is_passing and not is_said_outright and not subjects <= self._doubted:
            self._doubted |= subjects
            return True
        traits = self._traits.extended(found)
        body = requests.body_of(self.request, traits, self._defaults)
        if body == self.body:
            return False
        self._traits, self.body = traits, body
        self._learnt += found
        return True

    def note(self, lesson: Lesson) -> None:
        """Note what the answer has taught of the model, unless it is known already."""
        self._seen += [trait for trait in lesson.learnt if not self._traits.has(trait.kind)]
        self._unseen += self.known.intersection(lesson.forgotten)

    async def remember(self, store: TraitStore, *, was_answered: bool) -> None:
        """Keep what the answer has shown, and what adapting to refusals has proven right.

        What was not said outright is kept once another request has met it, too.
        """
        proven = self._learnt if was_answered else []
        lasting = [
            trait
            for trait in Traits([*proven, *self._seen])
            if trait.is_lasting
            and (trait.is_sure or self._doubts.confirms(self.request.model, trait))
        ]
        if lasting:
            self._learnt, self._seen = [], []
            await store.learn(self.request.model, lasting)
        if unseen := self._unseen:
            self._unseen = []
            await store.forget(self.request.model, unseen)

    def _allowed(self, found: Iterable[Trait]) -> list[Trait]:
        """Keep what the request can do without."""
        may_lose = self.request.may_lose_images
        return [trait for trait in found if may_lose or trait.kind != NO_IMAGES]


def _seeing(known: Traits) -> Traits:
    """Return ``known`` for a request that makes no sense without its images."""
    return Traits(trait for trait in known if trait.kind != NO_IMAGES)
