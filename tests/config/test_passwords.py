"""Passwords: a known word stays known with digits and signs around it."""

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

ALICE = User(username="alice", first_name="Alice", last_name="Berg", email="alice@nordhem.example")


@pytest.mark.parametrize(
    "password",
    ["alice1234", "Alice-2026!", "berg-alice-77", "nordhem2026", "Passw0rd!", "!!password!!",
     "qwerty123!!", "parley-demo", "Parley2026!", "admin-parley-1"],
)  # fmt: skip
def test_a_known_word_in_disguise_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, ALICE)


@pytest.mark.parametrize("password", ["lantern-orchid-42", "alice-orchid-lantern", "xK9!pq2#mW"])
def test_a_phrase_is_taken(password: str) -> None:
    validate_password(password, ALICE)
