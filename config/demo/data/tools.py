"""The demo's tools: HTTP tools that call its order service, and the key that they show."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from chats.models import HeaderSecret, HttpTool, HttpToolField
from config.demo.data import files
from config.demo.orders import access


@transaction.atomic
def load() -> None:
    """Create what is missing, and lead what is there to where the order service is now.

    What a person changed stays changed: a tool that calls another host is nobody's but theirs.
    """
    url = settings.DEMO_ORDERS_URL.rstrip("/")
    for raw in files.table("tools")["tool"]:
        tool = HttpTool.objects.filter(name=raw["name"]).first()
        if tool is None:
            _create(raw, url)
        elif _is_ours(tool.url, raw["path"]) and tool.url != f"{url}{raw['path']}":
            tool.url = f"{url}{raw['path']}"
            tool.save(update_fields=["url"])
    _show_key(urlsplit(url).netloc)


def _create(raw: dict[str, Any], url: str) -> None:
    values = {name: value for name, value in raw.items() if name not in {"path", "field"}}
    tool = HttpTool.objects.create(url=f"{url}{raw['path']}", **values)
    for field in raw["field"]:
        HttpToolField.objects.create(tool=tool, **field)


def _is_ours(url: str, path: str) -> bool:
    """Return whether ``url`` is where the order service of an earlier start was."""
    parts = urlsplit(url)
    return parts.hostname == "127.0.0.1" and parts.path == path


def _show_key(host: str) -> None:
    """Let the tools show the key at ``host``, and nowhere that they called before."""
    value = access.header_value(access.demo_key(settings.SECRET_KEY))
    for secret in HeaderSecret.objects.filter(name=access.HEADER, host__startswith="127.0.0.1:"):
        if secret.host != host and secret.value == value:
            secret.delete()
    HeaderSecret.objects.get_or_create(host=host, name=access.HEADER, defaults={"value": value})
