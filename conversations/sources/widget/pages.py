"""The address of the page that a visitor writes from, without what may be a secret in it."""

import re
from urllib.parse import urlsplit, urlunsplit

# Servers of old keep a session in it: /basket;jsessionid=1F.
_PARAMETERS = re.compile(r";[^/]*")


def address(url: str, *, with_query: bool = False) -> str:
    """Return scheme, host, port and path of a page; empty for what is no address of the web.

    ``with_query`` keeps query and fragment, too. Credentials before the host go in any case.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host:
        return ""
    place = f"[{host}]" if ":" in host else host
    network = place if port is None else f"{place}:{port}"
    if with_query:
        return urlunsplit((parts.scheme, network, parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, network, _PARAMETERS.sub("", parts.path), "", ""))
