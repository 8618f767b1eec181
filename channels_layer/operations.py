"""Operations of migrations that are our own."""

from collections.abc import Mapping
from typing import Any

from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

Labels = Mapping[str, Mapping[str, str]]


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
