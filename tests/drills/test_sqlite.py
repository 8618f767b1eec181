"""SQLite with several writers and a long reader: no request fails because it is locked."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from config import env
from tests.servers import template

pytestmark = [pytest.mark.drill, pytest.mark.timeout(600)]

WRITES = 10_000 if os.environ.get("DRILL_ROUNDS") == "full" else 600
WRITERS = 4


def test_four_writers_and_a_long_reader_never_meet_a_lock(tmp_path: Path) -> None:
    database = tmp_path / "drill.sqlite3"
    template.copy_migrated(database)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PARLEY_TEST_DATABASE_URL": f"sqlite:///{database}",
    }

    def start(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.drills.writing", *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command, env=environment, cwd=env.ROOT, stdin=pipe, stdout=pipe, text=True
        )

    reader = start("read")
    assert reader.stdout
    assert reader.stdout.readline() == "reading\n"
    writers = [start(str(WRITES // WRITERS)) for _ in range(WRITERS)]
    assert [writer.communicate(timeout=500)[0] for writer in writers] == [""] * WRITERS
    assert reader.poll() is None
    assert reader.communicate(timeout=60)[0] == ""
    assert [process.returncode for process in (reader, *writers)] == [0] * (WRITERS + 1)
    with sqlite3.connect(database) as connection:
        found = connection.execute("SELECT count(*), min(seq), max(seq) FROM channels_layer_event")
        assert found.fetchone() == (WRITES, 1, WRITES)
    connection.close()
