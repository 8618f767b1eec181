"""Operations of migrations that are our own."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import transaction
from django.db.migrations.operations import AddField, AddIndex
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

Labels = Mapping[str, Mapping[str, str]]
BATCH = 1000
"""Rows that are changed within one transaction."""


class AddFieldAtOnce(AddField):
    """Add a field in a transaction of its own, where the migration has none (``atomic = False``).

    It stands after the work on rows, so that an interrupted migration can be run again.
    """

    atomic = True


class AddIndexMeanwhile(AddIndexConcurrently):
    """Add an index while others write to the table, where the migration has ``atomic = False``.

    What is left of an index whose creation was interrupted is removed first.
    """

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Add the index; SQLite, which has one writer, knows no other way than its own."""
        if schema_editor.connection.vendor != "postgresql":
            AddIndex.database_forwards(self, app_label, schema_editor, from_state, to_state)
            return
        name = schema_editor.quote_name(self.index.name)
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Remove the index."""
        kind = AddIndexConcurrently if schema_editor.connection.vendor == "postgresql" else AddIndex
        kind.database_backwards(self, app_label, schema_editor, from_state, to_state)


class SetLabels(Operation):
    """Name models and fields for people; the database knows nothing of it.

    ``AlterField`` for each would make Django build all models anew as often, which takes many
    seconds for some hundred fields.
    """

    reduces_to_sql = False
    reversible = True

    def __init__(self, fields: Labels, models: Mapping[str, tuple[str, str]]) -> None:
        """Keep ``{model: {field: label}}`` and ``{model: (label, plural)}``."""
        self.fields = fields
        self.models = models

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Set the labels in the history's models."""
        for model, labels in self.fields.items():
            fields = state.models[app_label, model].fields
            for name, label in labels.items():
                field = fields[name].clone()
                field.verbose_name = field._verbose_name = label  # noqa: SLF001 - what deconstruct() reads
                fields[name] = field
        for model, (label, plural) in self.models.items():
            options = state.models[app_label, model].options
            options |= {"verbose_name": label, "verbose_name_plural": plural}

    def database_forwards(self, *arguments: Any) -> None:
        """Change nothing."""

    def database_backwards(self, *arguments: Any) -> None:
        """Change nothing."""

    def describe(self) -> str:
        """Return what the operation does."""
        return "Name models and fields for people"


def in_batches(rows: Any, change: Callable[[list[Any]], None]) -> None:
    """Call ``change`` with the keys of ``rows`` by id, each batch in a short transaction.

    ``rows`` is a query set. The locks of a batch are free before the next one begins.
    """
    keys: list[Any] = []
    while True:
        following = rows.filter(pk__gt=keys[-1]) if keys else rows
        keys = list(following.order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not keys:
            return
        with transaction.atomic():
            change(keys)
