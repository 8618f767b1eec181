"""The table of all that Meta sends: what happened, what staff and the model read, what is done."""

from config.demo.graph.table.echoes import ECHOES, GROUPS
from config.demo.graph.table.fields import FIELDS
from config.demo.graph.table.messages import MESSAGES
from config.demo.graph.table.row import COLLEAGUE, NOTHING, SAME, Row, made

ROWS = (*MESSAGES, *GROUPS, *ECHOES, *FIELDS)
BY_NAME = {row.name: row for row in ROWS}

__all__ = ["BY_NAME", "COLLEAGUE", "NOTHING", "ROWS", "SAME", "Row", "made"]
