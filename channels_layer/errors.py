"""Refusals: what a rule says no to, in a form that every interface can answer with."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A refusal by a rule; the interfaces translate it, nothing else catches it.

    A subclass names ``code`` (stable, for machines), ``detail`` (for people, marked by
    ``gettext_lazy`` and written in the language of who is refused) and HTTP ``status``.
    ``extra`` goes into the answer beside them and must be plain JSON.
    """

    code: str = "conflict"
    status: int = 409
    detail: str | Promise = _("This is not possible now.")

    def __init__(
        self,
        detail: str | None = None,
        *,
        fields: Mapping[str, Sequence[str]] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        """Keep the reason, the faulty fields and what else the answer carries."""
        self.detail = detail or str(type(self).detail)
        self.fields = {name: list(reasons) for name, reasons in (fields or {}).items()}
        self.extra = dict(extra or {})
        super().__init__(self.detail)

    def body(self) -> dict[str, Any]:
        """Return the answer's body: ``{"code", "detail", "fields"?, …extra}``."""
        body: dict[str, Any] = {"code": self.code, "detail": self.detail}
        if self.fields:
            body["fields"] = self.fields
        return body | self.extra


class InvalidError(DomainError):
    """What was sent is malformed; ``fields`` says where."""

    code = "invalid"
    status = 400
    detail = _("Something in this is not valid.")


class NotFoundError(DomainError):
    """There is no such thing, or the actor may not know of it."""

    code = "not_found"
    status = 404
    detail = _("Not found.")


class ForbiddenError(DomainError):
    """The actor may know of it but not do this."""

    code = "forbidden"
    status = 403
    detail = _("You may not do this.")


class PersonRequiredError(ForbiddenError):
    """A key tried what only a person can do."""

    code = "person_required"
    detail = _("Only a person can do this, an API key cannot.")


class RefusedError(DomainError):
    """Well formed, yet a rule of the business says no."""

    code = "refused"
    status = 422
    detail = _("A rule does not allow this.")


class TooFastError(DomainError):
    """Too much at once; ``retry_after`` says in how many seconds to come back."""

    code = "too_fast"
    status = 429
    detail = _("Too fast: wait a moment.")

    def __init__(self, retry_after: float, detail: str | None = None) -> None:
        """Keep the seconds to wait."""
        super().__init__(detail, extra={"retry_after": retry_after})
        self.retry_after = retry_after


class UnavailableError(DomainError):
    """A part of Parley is down; the client may try again in ``retry_after`` seconds."""

    code = "unavailable"
    status = 503
    detail = _("This does not work right now. Try again in a moment.")

    def __init__(self, retry_after: float = 2.0, detail: str | None = None) -> None:
        """Keep the seconds to wait."""
        super().__init__(detail, extra={"retry_after": retry_after})
