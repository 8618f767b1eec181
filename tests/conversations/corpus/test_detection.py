"""Every kind of file is known by its bytes, whatever its name says."""

import re
from collections.abc import Iterator

import pytest

from conversations.files import kinds, names
from tests.fakes.corpus import Fate, Specimen, specimens
from tests.fakes.corpus.outcomes import ACTIVE

pytestmark = pytest.mark.slow


def test_files_are_known_by_their_bytes() -> None:
    wrong = [f"{one.name}: {fault}" for one in specimens() for fault in _faults(one)]
    assert not wrong, "\n".join(wrong)


def _faults(one: Specimen) -> Iterator[str]:
    name = names.cleaned(one.name)
    is_refused = not one.data or kinds.is_program(one.data, name)
    if is_refused != (one.right.fate == Fate.REFUSED):
        yield "refused" if is_refused else "taken"
    if is_refused:
        return
    found = kinds.sniff(one.data, name)
    named = kinds.harmless_name(name, found.content_type)
    served = kinds.served_type(found.content_type, found.kind, named)
    if not re.fullmatch(one.right.kind, found.kind):
        yield f"{found.kind}, not {one.right.kind}"
    if not re.search(one.right.shown_as, named):
        yield f"named {named!r}"
    if re.search(ACTIVE, served):
        yield f"served as {served}"
