"""What a password must not be, beside what Django refuses: a known word with signs around it."""

import re
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

PRODUCT = frozenset({"parley", "demo", "admin", "support", "desk"})
"""Words that stand on every instance's pages."""
SHORTEST = 3
"""Letters from which a part of a name counts as one."""
_LETTERS = re.compile(r"[^\W\d_]+")
_SIGNS = re.compile(r"^[\W_]+|[\W_]+$")
_NAMES = ("username", "first_name", "last_name", "email")


class DisguisedWordValidator(CommonPasswordValidator):
    """Refuses names, the product's words and common passwords, with digits and signs added."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise where the letters alone are known words, or a common password is left."""
        bare = _SIGNS.sub("", password.lower())
        letters = bare.strip("0123456789")
        parts = _LETTERS.findall(bare)
        known = PRODUCT | _names_of(user)
        if {bare, letters} & self.passwords or (parts and known.issuperset(parts)):
            raise ValidationError(
                _("Choose something else than a name or a common password with signs added."),
                code="password_disguised",
            )

    def get_help_text(self) -> str:
        """Return what to avoid."""
        return _("Not a name, nor a common password, with digits or signs added.")


def _names_of(user: Any) -> set[str]:
    """Return the words of a person's names and address."""
    texts = (str(getattr(user, name, None) or "").lower() for name in _NAMES)
    parts = (part for text in texts for part in _LETTERS.findall(text))
    return {part for part in parts if len(part) >= SHORTEST}
