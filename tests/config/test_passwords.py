"""Passwords: a common one stays common with digits and signs around it."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError


@pytest.mark.parametrize("password", ["Passw0rd!", "!!password!!", "qwerty123!!", "dragon-2026!"])
def test_a_common_password_in_disguise_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize("password", ["lantern-orchid-42", "password-of-the-dragon", "xK9!pq2#mW"])
def test_a_phrase_is_taken(password: str) -> None:
    validate_password(password)
