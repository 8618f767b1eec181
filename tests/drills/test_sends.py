"""A worker dies while it sends to WhatsApp: nothing doubled, nothing lost, the unclear shown."""

import json
import os
import subprocess
import sys

import pytest

from tests.conversations.sources.whatsapp.graph import demo_graph_server

pytestmark = [pytest.mark.drill, pytest.mark.timeout(1800)]

KILLS = 200 if os.environ.get("DRILL_ROUNDS") == "full" else 3
LINES = 3


def test_a_killed_sender_doubles_nothing_and_hides_nothing(database_url: str) -> None:
    with demo_graph_server() as graph:
        place = {
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "PARLEY_TEST_DATABASE_URL": database_url,
            "WHATSAPP_GRAPH_URL": graph.url,
        }
        finished = subprocess.run(
            [sys.executable, "-m", "tests.drills.sends", str(KILLS)],
            env={**os.environ, **place},
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
    tally = json.loads(finished.stdout)

    assert (tally["doubled"], tally["lost"], tally["hidden"]) == (0, 0, 0)
    assert tally["sent"] + tally["unknown"] == KILLS * LINES
    # Of every three, two die while the Graph holds the request.
    assert KILLS * 2 // 3 <= tally["unknown"] <= KILLS
    assert tally["sent again"] == KILLS * LINES
