"""Traits: what a model at a server has refused or shown, so that it is asked and read otherwise."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

WITHOUT = "without"
"""Is asked without the parameter ``subject``."""
RENAMED = "renamed"
"""Calls the parameter ``subject`` by the name ``value``."""
AT_MOST = "at_most"
"""Takes ``value`` at most as its parameter ``subject``, or of its ``images``."""
NO_TOOLS = "no_tools"
"""Takes no definitions of tools: they are told in words, and its calls are read from its text."""
NO_IMAGES = "no_images"
"""Sees no images: it gets the words about them."""
NO_SYSTEM = "no_system"
"""Has no system role: the instructions stand in the first message of the user."""
PLAIN_SCHEMAS = "plain_schemas"
"""Takes schemas of arguments only in their plainest form."""
SIGNED_CALLS = "signed_calls"
"""Takes calls back only with a signature, or the word that stands for none."""
REASONED_CALLS = "reasoned_calls"
"""Takes calls back only with the field of its reasoning, which may be blank."""
UNOPENED = "reasons_unopened"
"""Closes a reasoning that it has not opened: its text is withheld until then."""
TAGGED = "reasons_in_tags"
"""Writes its reasoning into the text, in tags."""
WINDOW = "window"
"""Reads ``value`` tokens at most, the answer included."""
SCALE = "scale"
"""Counts ``value`` times the tokens that are estimated; never remembered."""

TOKENS = "max_tokens"
"""The parameter that limits an answer, by the name that most servers know."""
IMAGES = "images"


@dataclass(frozen=True)
class Trait:
    """One thing that a model refused; ``words`` are the provider's own about it.

    One that ``is_lasting`` is true of every call, another only of the call that was refused. One
    that ``is_sure`` was said outright, in a field for it or in words that are known to mean it.
    """

    kind: str
    subject: str = ""
    value: str = ""
    words: str = field(default="", compare=False)
    is_lasting: bool = field(default=True, compare=False)
    is_sure: bool = field(default=True, compare=False)


class Traits:
    """The traits of one model, one of each kind and subject."""

    def __init__(self, traits: Iterable[Trait] = ()) -> None:
        """Hold ``traits``; of two of a kind and subject the later."""
        self._traits = {(trait.kind, trait.subject): trait for trait in traits}

    def __iter__(self) -> Iterator[Trait]:
        """Yield all traits."""
        return iter(self._traits.values())

    def has(self, kind: str, subject: str = "") -> bool:
        """Return whether there is one of ``kind`` about ``subject``."""
        return (kind, subject) in self._traits

    def value(self, kind: str, subject: str = "") -> str:
        """Return the value of one of ``kind`` about ``subject``, empty without one."""
        trait = self._traits.get((kind, subject))
        return trait.value if trait else ""

    def number(self, kind: str, subject: str = "") -> float | None:
        """Return that value as a number, None where it is none."""
        try:
            return float(self.value(kind, subject))
        except ValueError:
            return None

    def subjects(self, kind: str) -> list[str]:
        """List the subjects of the traits of ``kind``."""
        return [trait.subject for trait in self if trait.kind == kind]

    def extended(self, traits: Iterable[Trait]) -> "Traits":
        """Return these traits with ``traits`` added, or put in the place of older ones."""
        return Traits([*self, *traits])

    def without(self, kinds: Sequence[str]) -> "Traits":
        """Return these traits without those of ``kinds``."""
        return Traits(trait for trait in self if trait.kind not in kinds)


class ProcessTraits:
    """Traits that are remembered as long as the process lives."""

    def __init__(self) -> None:
        """Start with nothing learnt."""
        self._traits: dict[str, Traits] = {}

    async def known(self, model: str) -> Traits:
        """Return what was learnt of ``model``."""
        return self._traits.get(model) or Traits()

    async def learn(self, model: str, traits: Sequence[Trait]) -> None:
        """Remember ``traits`` of ``model``."""
        self._traits[model] = (await self.known(model)).extended(traits)

    async def forget(self, model: str, kinds: Sequence[str]) -> None:
        """Forget the traits of ``kinds`` of ``model``."""
        self._traits[model] = (await self.known(model)).without(kinds)
