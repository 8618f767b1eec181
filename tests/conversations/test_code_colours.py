"""Code in colours: what it costs at first, and who decides which language it is."""

import os
import subprocess
import sys

import pytest

from config import env
from conversations.markup.code import Painter

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
    assert float(done.stdout) < MOST


@pytest.mark.parametrize("kind", ["text/x-python", "text/x-autohotkey", "application/x+json"])
def test_no_code_names_another_lexer(kind: str) -> None:
    code = f"HTTP/1.1 200 OK\nContent-Type: {kind}\n\nimport os\n"
    assert "<span" not in Painter().html_of(code, "http")
    assert "<span" in Painter().html_of("import os\n", "python")
