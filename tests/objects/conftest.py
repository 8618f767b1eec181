"""What is refused is noted for the end of the test, too, where it must not be found again."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from tests.objects import violations
from tests.objects.violations import UndeclaredError

Refused = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def refused() -> Refused:
    """Expect that something is refused for a reason that contains ``words``, and is noted."""

    @contextmanager
    def expect(words: str) -> Iterator[None]:
        with pytest.raises(UndeclaredError) as found:
            yield
        assert words in str(found.value)
        assert violations.taken() == [str(found.value)]

    return expect
