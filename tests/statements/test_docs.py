"""What docs/performance.md says of the statements is what the table says."""

import re
from pathlib import Path

from django.conf import settings

from tests.statements.table import STATEMENTS

ROW = re.compile(r"^\| (.+) \| (\d+) \| (\d+) \|$", re.MULTILINE)


def test_the_documentation_shows_the_table() -> None:
    text = (Path(settings.BASE_DIR) / "docs" / "performance.md").read_text()
    section = text.partition("## Statements per act")[2].partition("\n## ")[0]
    shown = [(act, (int(sqlite), int(postgres))) for act, sqlite, postgres in ROW.findall(section)]
    assert shown == list(STATEMENTS.items())
