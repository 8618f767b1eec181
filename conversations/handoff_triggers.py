"""Handoff triggers of an assistant: words and a cap that are to ask for a person."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

NAMES = ("words", "turn_cap")
MOST_WORDS = 100
LONGEST_WORD = 80
HIGHEST_CAP = 1000


def validate(value: object) -> None:
    """Refuse anything but short words and a cap of turns, under their names."""
    if not isinstance(value, Mapping):
        raise ValidationError(_("Write triggers by name."))
    for name in value:
        if name not in NAMES:
            names = {"name": name, "names": ", ".join(NAMES)}
            raise ValidationError(
                _("There is no trigger named %(name)s, only %(names)s."), params=names
            )
    if not _are_words(value.get("words", [])):
        limits = {"most": MOST_WORDS, "longest": LONGEST_WORD}
        raise ValidationError(
            _("Write at most %(most)d words of at most %(longest)d characters."), params=limits
        )
    if not _is_cap(value.get("turn_cap", 1)):
        raise ValidationError(
            _("The cap of turns is a whole number from 1 to %(most)d."),
            params={"most": HIGHEST_CAP},
        )


def _are_words(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= MOST_WORDS
        and all(isinstance(word, str) and len(word.strip()) > 0 for word in value)
        and all(len(word) <= LONGEST_WORD for word in value)
    )


def _is_cap(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= HIGHEST_CAP
