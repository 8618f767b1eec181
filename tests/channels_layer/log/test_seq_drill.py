"""Four processes publish on one topic: its ``seq`` has no gap and no double, on each database."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.drills.conftest import database_url, postgres_url

__all__ = ["database_url", "postgres_url"]

ROOT = Path(__file__).resolve().parents[3]
PROCESSES = 4
THREADS = 2
TIMES = 40

REPORT = """
from django.db.models import Count, F, Max, Min
from channels_layer.models import Event, TopicHead
shared = Event.objects.filter(topic="drill:shared")
print(*shared.aggregate(n=Count("id"), low=Min("seq"), high=Max("seq")).values())
print(TopicHead.objects.get(topic="drill:shared").head, shared.values("seq").distinct().count())
"""


@pytest.mark.drill
def test_seq_has_no_gap_under_four_processes(database_url: str) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PARLEY_TEST_DATABASE_URL": database_url,
    }

    def start(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, *arguments]
        output = subprocess.PIPE
        return subprocess.Popen(command, env=environment, cwd=ROOT, stdout=output, text=True)

    module = "tests.channels_layer.publishing"
    writers = [start("-m", module, str(TIMES)) for _ in range(PROCESSES)]
    for writer in writers:
        writer.communicate(timeout=100)
    assert [writer.returncode for writer in writers] == [0] * PROCESSES

    report, _ = start("-m", "django", "shell", "-v", "0", "-c", REPORT).communicate()
    total = PROCESSES * THREADS * TIMES
    assert report.split() == [str(n) for n in (total, 1, total, total, total)]
