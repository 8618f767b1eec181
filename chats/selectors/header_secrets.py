"""Secret headers: which of them an address gets."""

from urllib.parse import urlsplit

from django.conf import settings

from chats.models import HeaderSecret, hosts


def headers_for(url: str) -> dict[str, str]:
    """Return the secret headers of the host of ``url``, with their values.

    There are none where they could be read on the way: without TLS only hosts that
    ``OUTGOING_ALLOW`` names, such as a service on this machine, get theirs.
    """
    parts = urlsplit(url)
    try:
        host, place = hosts.of(parts), hosts.place_of(parts)
    except ValueError:
        return {}
    if parts.scheme != "https" and place not in settings.OUTGOING_ALLOW:
        return {}
    return dict(HeaderSecret.objects.filter(host=host).order_by("id").values_list("name", "value"))
