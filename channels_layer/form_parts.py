"""Form fields for values that are lists or objects: rows and parts in place of JSON."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MOST = 100


class Row(forms.Form):
    """One row of a list; a subclass names its fields, and which of them tells rows apart."""

    distinct: ClassVar[str] = ""

    @classmethod
    def unpacked(cls, item: Any) -> dict[str, Any]:
        """Return the fields' values of a stored item."""
        return dict(item)

    def packed(self) -> Any:
        """Return the item to store."""
        return {name: value for name, value in self.cleaned_data.items() if name != "DELETE"}


class _Rows(forms.BaseFormSet):  # type: ignore[type-arg]
    """The rows of one list."""

    def clean(self) -> None:
        """Refuse a row that is there already, at that row."""
        known = set()
        for row in kept(self):
            value = row.cleaned_data.get(row.distinct)
            if value and value in known:
                row.add_error(row.distinct, _("There is another row with this."))
            known.add(value)


class RowsWidget(forms.Widget):
    """Shows a list as rows, each with its own errors, which can be added and removed."""

    template_name = "admin/_rows.html"
    needs_multipart_form = False

    def __init__(self, row: type[Row], *, most: int = MOST) -> None:
        """Keep the form of a row, and how many there may be."""
        super().__init__()
        self._row = row
        self._formset = forms.formset_factory(
            row,
            formset=_Rows,
            extra=0,
            can_delete=True,
            max_num=most,
            validate_max=True,
            absolute_max=most + 1,
        )

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return the rows as they were sent, or None."""
        if self.value_omitted_from_data(data, files, name):
            return None
        return self._formset(data, prefix=name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Return whether no rows were sent at all, not even none."""
        del files
        return f"{name}-TOTAL_FORMS" not in data

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Show rows that were sent, or stored ones."""
        del attrs, renderer
        rows = value if isinstance(value, _Rows) else self._stored(name, value)
        return render_to_string(self.template_name, {"rows": rows, "name": name})

    def _stored(self, name: str, value: Any) -> Any:
        items = value if isinstance(value, Sequence) and not isinstance(value, str) else []
        return self._formset(initial=[self._row.unpacked(item) for item in items], prefix=name)


class RowsField(forms.Field):
    """A list, one row for each item."""

    def __init__(self, *, row: type[Row], most: int = MOST, **kwargs: Any) -> None:
        """Keep the form of a row; the list may be empty."""
        super().__init__(required=False, widget=RowsWidget(row, most=most), **kwargs)

    def clean(self, value: Any) -> list[Any]:
        """Return the items; raise when a row is faulty, which then says so itself."""
        if value is None:
            return []
        if not value.is_valid():
            number = sum(bool(errors) for errors in value.errors)
            raise ValidationError(
                [
                    *value.non_form_errors(),
                    ngettext("%(number)d row needs a look.", "%(number)d rows need a look.", number)
                    % {"number": number},
                ]
                if number
                else value.non_form_errors()
            )
        return [row.packed() for row in kept(value)]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether the rows are others than the stored ones."""
        return data is not None and (not data.is_valid() or self.clean(data) != (initial or []))


class PartsWidget(forms.Widget):
    """Shows an object as a form of its parts, each with its own errors."""

    template_name = "admin/_parts.html"

    def __init__(self, form: type[forms.Form]) -> None:
        """Keep the form of the parts."""
        super().__init__()
        self._form = form

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return the form as it was sent, or None."""
        if self.value_omitted_from_data(data, files, name):
            return None
        return self._form(data, prefix=name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Return whether no part was sent at all."""
        del files
        return not any(f"{name}-{part}" in data for part in self._form.base_fields)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Show parts that were sent, or stored ones."""
        del attrs, renderer
        is_stored = isinstance(value, Mapping)
        form = self._form(initial=value, prefix=name) if is_stored else value
        return render_to_string(self.template_name, {"form": form or self._form(prefix=name)})


class PartsField(forms.Field):
    """An object of texts, one input for each; empty ones are left out."""

    def __init__(self, *, form: type[forms.Form], **kwargs: Any) -> None:
        """Keep the form of the parts."""
        super().__init__(required=False, widget=PartsWidget(form), **kwargs)

    def clean(self, value: Any) -> dict[str, Any]:
        """Return the parts that say something; raise when one is faulty."""
        if value is None:
            return {}
        if not value.is_valid():
            raise ValidationError(_("A text needs a look."))
        return {name: part for name, part in value.cleaned_data.items() if part}

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Return whether the parts are others than the stored ones."""
        return data is not None and (not data.is_valid() or self.clean(data) != (initial or {}))


def kept(rows: Any) -> list[Row]:
    """Return the valid rows that are not to be removed."""
    gone = rows.deleted_forms if hasattr(rows, "cleaned_data") else []
    return [
        row
        for row in rows.forms
        if row not in gone and getattr(row, "cleaned_data", None) and not row.errors
    ]
