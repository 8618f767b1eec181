"""Outgoing: what others name is reached by one safe client; servers of the operator are listed."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.guards import files

SAFE = "channels_layer/outgoing/"
OPERATORS = {
    "chats/engine/bodies.py",  # the model server of LLM_BASE_URL
    "chats/engine/provider.py",
    "conversations/sources/whatsapp/graph.py",  # Meta's, or that of WHATSAPP_GRAPH_URL
    "config/demo/graph/line.py",  # the demo's Graph, to the Parley that started it
    "config/supervision/watch.py",  # the health of the web process on this machine
}
"""Modules whose servers the operator names, or this machine."""
LIBRARIES = {"httpx", "httpx2", "httpcore", "httpcore2"}
"""Their errors, URLs and codes may be used anywhere; what connects may not."""
CONNECTS = {
    *("Client", "AsyncClient", "HTTPTransport", "AsyncHTTPTransport", "ConnectionPool"),
    *("AsyncConnectionPool", "request", "stream", "get", "options", "head", "post", "put"),
    *("patch", "delete", "connect", "sse", "websocket", "AnyIOBackend", "AutoBackend"),
}
OTHERS = {
    *("requests", "urllib.request", "urllib3", "aiohttp", "http.client", "pycurl", "ftplib"),
    *("smtplib", "telnetlib", "xmlrpc.client", "DefaultAsyncHttpxClient", "AsyncOpenAI", "OpenAI"),
}


def test_what_others_name_is_reached_by_the_safe_client_alone() -> None:
    found = {
        files.shown(path): sorted(set(_connects(path)))
        for path in files.modules(*files.APPS)
        if not files.shown(path).startswith(SAFE)
    }
    assert {name: uses for name, uses in found.items() if uses and name not in OPERATORS} == {}
    assert {name for name in OPERATORS if not found[name]} == set()


def test_each_way_to_connect_is_noticed() -> None:
    for line in (
        "import httpx\nhttpx.Client()",
        "from httpx2 import AsyncClient",
        "import urllib.request",
        "from urllib import request",
        "from http import client",
        "import requests",
        "import aiohttp.client",
    ):
        assert list(_uses(ast.parse(line))), line


def _connects(path: Path) -> Iterator[str]:
    return _uses(files.tree(path))


def _uses(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif _is_of_library(node):
            names = [ast.unparse(node)]
        else:
            continue
        yield from filter(_is_way_out, names)


def _is_of_library(node: ast.AST) -> bool:
    is_attribute = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    return is_attribute and ast.unparse(node).partition(".")[0] in LIBRARIES


def _is_way_out(name: str) -> bool:
    package, _, last = name.partition(".")
    if package in LIBRARIES:
        return last in CONNECTS
    return any(f"{name}.".startswith(f"{other}.") for other in OTHERS) or last in OTHERS
