"""Filters of the administration's headings: group, table and row in the navigation's words."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.urls import resolve, reverse

from config import administration

register = template.Library()

register.filter("entitled", administration.entitled)


@register.filter
def crumbs(parts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the parts of a heading: the group of the table in place of its app."""
    if len(parts) == 1:
        return list(parts)
    _app, table, *rows = parts
    view: Any = resolve(str(table["link"])).func
    title = administration.group_of(view.model_admin.model)
    group = {"title": title, "link": reverse("admin:index")}
    return [
        group,
        table,
        *({**row, "title": administration.entitled(row["title"])} for row in rows),
    ]
