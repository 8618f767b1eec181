"""What a password must not be, beside what Django refuses: a common one with signs around it."""

import re
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_SIGNS = re.compile(r"^[\W_]+|[\W_]+$")
_SIGNS_AND_DIGITS = re.compile(r"^[\W\d_]+|[\W\d_]+$")


class DisguisedPasswordValidator(CommonPasswordValidator):
    """Refuses common passwords with digits and signs added."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise where a common password is left when digits and signs around it are gone."""
        text = password.lower()
        if {around.sub("", text) for around in (_SIGNS, _SIGNS_AND_DIGITS)} & self.passwords:
            raise ValidationError(
                _("Choose something else than a common password with signs added."),
                code="password_disguised",
            )

    def get_help_text(self) -> str:
        """Return what to avoid."""
        return _("Not a common password with digits or signs added.")
