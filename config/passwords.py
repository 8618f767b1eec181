"""What a password must not be, beside what Django refuses: a common one with signs around it."""

import re
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_SIGNS = re.compile(r"^[\W_]+|[\W_]+$")
_SIGNS_AND_DIGITS = re.compile(r"^[\W\d_]+|[\W\d_]+$")
# The list holds single letters and short words, too, which any long password may be built around.
_LONG_ENOUGH = 6
_LEAST_SHARE = 1 / 3


class DisguisedPasswordValidator(CommonPasswordValidator):
    """Refuses common passwords with digits and signs added."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise where a common password is left when digits and signs around it are gone."""
        text = password.lower()
        left = {around.sub("", text) for around in (_SIGNS, _SIGNS_AND_DIGITS)}
        least = min(_LONG_ENOUGH, len(text) * _LEAST_SHARE)
        if any(len(word) >= least for word in left & self.passwords):
            raise ValidationError(
                _("Choose something else than a common password with signs added."),
                code="password_disguised",
            )

    def get_help_text(self) -> str:
        """Return what to avoid."""
        return _("Not a common password with digits or signs added.")
