"""A model field for secrets: encrypted at rest, plain in the program."""

from base64 import urlsafe_b64encode
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    Text = models.TextField[str, str]
else:
    Text = models.TextField


class SealedTextField(Text):
    """Text that the database holds encrypted, with a key derived from ``SECRET_KEY``."""

    def from_db_value(self, value: str | None, *args: object) -> str | None:
        """Decrypt what the database holds."""
        del args
        return None if value is None else _box().decrypt(value.encode()).decode()

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt what the database is to hold."""
        return None if value is None else _box().encrypt(str(value).encode()).decode()


def _box() -> MultiFernet:
    return MultiFernet(
        [_lock(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


@cache
def _lock(secret: str) -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"parley sealed fields")
    return Fernet(urlsafe_b64encode(key.derive(secret.encode())))
