"""API keys: 256 random bits shown once, of which only the hash is stored; and their scopes."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from channels_layer import validation
from channels_layer.errors import InvalidError
from channels_layer.models import ApiKey
from channels_layer.prepared import Prepared, Slot
from channels_layer.transport import broadcast

RESOURCES = (
    "agents",
    "assistants",
    "chats",
    "contacts",
    "conversations",
    "events",
    "sources",
    "tickets",
    "usage",
)

ALL_SCOPES: tuple[str, ...] = tuple(
    f"{resource}:{verb}" for resource in RESOURCES for verb in ("read", "write")
)

BEGINNING = "parley_"
SHOWN = len(BEGINNING) + 6
NOTED_EVERY = timedelta(minutes=1)

_VALID = Prepared(lambda: ApiKey.objects.filter(digest=Slot(ApiKey, "digest"), revoked_at=None))


def issue(*, name: str, scopes: Sequence[str], at: datetime) -> tuple[ApiKey, str]:
    """Make a key with ``scopes``; return it and its secret, which cannot be shown again."""
    if strangers := unknown_scopes(scopes):
        lists = {"strangers": ", ".join(strangers), "known": ", ".join(ALL_SCOPES)}
        reason = _("Unknown: %(strangers)s. Known are: %(known)s.") % lists
        raise InvalidError(reason, fields={"scopes": [reason]})
    secret = BEGINNING + secrets.token_urlsafe(32)
    key = ApiKey(
        name=name,
        prefix=secret[:SHOWN],
        digest=digest(secret),
        scopes=sorted(set(scopes)),
        created_at=at,
    )
    validation.check(key, ["name"])
    key.save()
    return key, secret


def find(secret: str, *, at: datetime) -> ApiKey | None:
    """Return the valid key of ``secret``; record its use, at most once a minute."""
    key = _VALID.first(digest=digest(secret))
    if key and (key.last_used_at is None or at - key.last_used_at > NOTED_EVERY):
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=at)
    return key


def revoke(key: ApiKey, *, at: datetime) -> None:
    """Revoke the key, and make its open sockets check their rights again."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=at)
    transaction.on_commit(partial(broadcast.revoke, f"key:{key.pk}"), robust=True)


def digest(secret: str) -> str:
    """Hash a secret as it is stored; it is random, so a plain SHA-256 is enough."""
    return sha256(secret.encode()).hexdigest()


def unknown_scopes(scopes: Sequence[str]) -> list[str]:
    """Name those of ``scopes`` that do not exist, in their order."""
    return [scope for scope in scopes if scope not in ALL_SCOPES]
