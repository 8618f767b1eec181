"""Identities of visitors as the embedding site claims and signs them."""

import hmac
from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import gettext_lazy as _

from channels_layer.errors import ForbiddenError


class IdentityRefusedError(ForbiddenError):
    """The signature does not fit the external id."""

    code = "identity_refused"
    detail = _("The signature does not fit this identity.")


class IdentityRequiredError(ForbiddenError):
    """This widget serves signed-in people only."""

    code = "identity_required"
    detail = _("Sign in to write to us.")


@dataclass(frozen=True, kw_only=True)
class Claim:
    """The site's claim of who the visitor is; only a signature proves it."""

    external_id: str = ""
    name: str = ""
    email: str = ""
    signature: str = ""


def sign(*, secret: str, external_id: str) -> str:
    """Return HMAC-SHA256 of the external id under the widget's secret, in hex."""
    return hmac.new(secret.encode(), external_id.encode(), sha256).hexdigest()


def is_proven(claim: Claim, *, secret: str) -> bool:
    """Return whether the claim is signed; a wrong signature raises ``IdentityRefusedError``."""
    if not claim.external_id or not claim.signature:
        return False
    right = sign(secret=secret, external_id=claim.external_id)
    if not hmac.compare_digest(right.encode(), claim.signature.lower().encode()):
        raise IdentityRefusedError
    return True
