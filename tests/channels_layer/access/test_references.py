"""References: what names an actor in rows and events, and whom it names."""

import pytest
from django.contrib.auth.models import User

from channels_layer.access.actors import Staff, System, parts_of, staff_id_of

DORA = Staff(user=User(pk=5), role="agent", name="Dora")


def test_a_person_of_the_staff_is_found_by_the_reference() -> None:
    assert staff_id_of(DORA.reference) == 5
    assert DORA.reference.startswith(Staff.prefix)


@pytest.mark.parametrize("reference", [System().reference, "key:0197", "contact:5", "user", ""])
def test_nobody_else_is_of_the_staff(reference: str) -> None:
    assert staff_id_of(reference) is None


@pytest.mark.parametrize(
    ("reference", "parts"),
    [(DORA.reference, ("user", "5")), ("key:0197", ("key", "0197")), ("system", ("system", ""))],
)
def test_a_reference_has_a_kind_and_perhaps_an_id(reference: str, parts: tuple[str, str]) -> None:
    assert parts_of(reference) == parts
