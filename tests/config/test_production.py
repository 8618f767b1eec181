"""Production settings: what Django's own deployment check says of them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import env

pytestmark = pytest.mark.slow


SAFE = {
    "SECRET_KEY": "aB3-dEf6_hIj9kLmNoPqRsTuVwXyZ0123456789abcdefghijklm",
    "ALLOWED_HOSTS": "desk.example",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


def manage(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run ``manage.py`` with nothing of our own environment."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=env.ROOT,
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_deployment_check_finds_nothing(tmp_path: Path) -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", DATA_DIR=str(tmp_path), **SAFE)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({}, "SECRET_KEY must be at least 32 random characters, but it is not set."),
        ({**SAFE, "PORT": "x"}, "PORT must be a whole number from 1 to 65535, not 'x'."),
    ],
)
def test_a_malformed_variable_is_one_line(
    tmp_path: Path, variables: dict[str, str], said: str
) -> None:
    done = manage("check", DATA_DIR=str(tmp_path), **variables)
    assert done.returncode == 1
    assert done.stderr.strip() == said
