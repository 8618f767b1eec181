"""Code in colours: what it costs at first, and who decides which language it is."""

import os
import subprocess
import sys

import pygments.lexers
import pytest
from pygments.lexers import get_lexer_by_name

from config import env
from conversations.markup.code import LANGUAGES, Painter
from tests import pace

FIRST_BLOCKS = """
import time, django
django.setup()
from config import memory
from conversations.markup.code import LANGUAGES, Painter
memory.settle()
costs = []
for language in sorted(LANGUAGES):
    begun = time.thread_time()
    Painter().html_of("x = 1", language)
    costs.append((time.thread_time() - begun, language))
print(max(costs)[0])
"""
MOST = 0.020
"""Seconds of computing; to compile the lexer of Scala alone takes 0.09."""


@pytest.mark.slow
def test_the_first_block_of_a_language_costs_no_more_than_others() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FIRST_BLOCKS],
        cwd=env.ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(done.stdout) < MOST * pace.slowness()


NAMING = """HTTP/1.1 200 OK
Content-Type: text/x-autohotkey

MsgBox, Hello
.. code-block:: autohotkey

    MsgBox, Hello

```autohotkey
MsgBox, Hello
```
<script type="text/x-autohotkey">MsgBox, Hello</script>
#+begin_src autohotkey
"""
"""Code that names another language in the ways in which lexers understand it."""


@pytest.fixture
def unloaded(monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the module of the lexer that the code names; nothing has loaded it."""
    module = "pygments.lexers.automation"
    monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setattr(pygments.lexers, "_lexer_cache", {})
    return module


def test_no_code_names_another_lexer(unloaded: str) -> None:
    for language in sorted(LANGUAGES):
        Painter().html_of(NAMING, language)
    assert unloaded not in sys.modules
    list(get_lexer_by_name("http").get_tokens(NAMING))
    assert unloaded in sys.modules
    assert "<span" in Painter().html_of("import os\n", "python")
