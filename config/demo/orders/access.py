"""Access: the key that callers of the order service show."""

import hmac
from hashlib import sha256

HEADER = "Authorization"


def demo_key(secret_key: str) -> str:
    """Return the key of the demo: the same for the same ``secret_key``, and not to be guessed."""
    made = hmac.new(secret_key.encode(), b"demo orders key", sha256).hexdigest()
    return f"demo-{made[:40]}"


def header_value(key: str) -> str:
    """Return what the header ``HEADER`` holds for ``key``."""
    return f"Bearer {key}"


def is_right(shown: str, key: str) -> bool:
    """Return whether the header's value ``shown`` carries ``key``."""
    return hmac.compare_digest(shown.encode(), header_value(key).encode())
