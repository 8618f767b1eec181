"""``Idempotency-Key``: a POST sent twice happens once and is answered alike for a day."""

from collections.abc import Callable
from hashlib import sha256

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from channels_layer import prepared, times
from channels_layer.access import actors
from channels_layer.access.actors import Actor, Key
from channels_layer.errors import DomainError, InvalidError
from channels_layer.models import IdempotencyRecord
from channels_layer.rest import exceptions
from channels_layer.rest.authentication import bearer, key_of

PREFIX = "/api/v1/"
HEADER = "Idempotency-Key"
MAX_KEY = 255
KEPT = {409, 422}
REDIRECTION = 300
FAILURE = 500

GetResponse = Callable[[HttpRequest], HttpResponse]


class IdempotencyMismatchError(DomainError):
    """The key was used before for something else."""

    code = "idempotency_mismatch"
    detail = _("This Idempotency-Key was used before with another request.")


class IdempotencyMiddleware:
    """Answers a repeated POST below the API with its first answer.

    The record is written in the transaction of the effect, so one is never without the other,
    and a second request with the key waits for the first. Successes and refusals by a rule (409,
    422) are kept; malformed and too fast requests may be tried again.

    A view that asks the network or writes files says ``writes_outside = True``: it runs in no
    transaction and its answer is recorded afterwards. The same key twice at once may run it twice;
    both get the answer that was recorded first.
    """

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the rest of the chain."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer from the record where there is one."""
        key = request.headers.get(HEADER)
        concerned = request.method == "POST" and request.path.startswith(PREFIX)
        actor = _actor(request) if concerned and key is not None else None
        if actor is None or key is None:
            return self._get_response(request)
        try:
            once = self._once_outside if _writes_outside(request) else self._once
            return once(request, actor, _checked(key), _fingerprint(request))
        except Exception as error:
            refusal = exceptions.translate(error)
            if refusal is None:
                raise
            return exceptions.answer(refusal)

    @transaction.atomic
    def _once(self, request: HttpRequest, actor: Actor, key: str, fingerprint: str) -> HttpResponse:
        fresh = _fresh(actor, key, fingerprint)
        record = _first(fresh)
        if record.pk == fresh.pk:
            return _kept(record, self._get_response(request))
        return _replayed(record, fingerprint)

    def _once_outside(
        self, request: HttpRequest, actor: Actor, key: str, fingerprint: str
    ) -> HttpResponse:
        known = IdempotencyRecord.objects.filter(actor=actor.reference, key=key).first()
        if known is not None:
            return _replayed(known, fingerprint)
        response = self._get_response(request)
        if not _is_kept(response):
            return response
        fresh = _fresh(actor, key, fingerprint)
        _write(fresh, response)
        record = _first(fresh)
        return response if record.pk == fresh.pk else _replayed(record, fingerprint)


def _writes_outside(request: HttpRequest) -> bool:
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return False
    return getattr(getattr(view, "view_class", None), "writes_outside", False)


def _fresh(actor: Actor, key: str, fingerprint: str) -> IdempotencyRecord:
    return IdempotencyRecord(
        actor=actor.reference, key=key, fingerprint=fingerprint, created_at=times.now()
    )


def _first(fresh: IdempotencyRecord) -> IdempotencyRecord:
    """Store ``fresh`` unless another request was faster; return the stored one."""
    if prepared.insert_new(fresh):
        return fresh
    return IdempotencyRecord.objects.get(actor=fresh.actor, key=fresh.key)


def _replayed(record: IdempotencyRecord, fingerprint: str) -> HttpResponse:
    if record.fingerprint != fingerprint:
        raise IdempotencyMismatchError
    return HttpResponse(
        record.body,
        status=record.status,
        content_type=record.content_type,
        headers={"Idempotency-Replayed": "true"},
    )


def _write(record: IdempotencyRecord, response: HttpResponse) -> None:
    record.status = response.status_code
    record.content_type = response.get("Content-Type", "")
    record.body = response.content.decode()


def _is_kept(response: HttpResponse) -> bool:
    is_final = response.status_code < REDIRECTION or response.status_code in KEPT
    return is_final and not response.streaming


def _actor(request: HttpRequest) -> Actor | None:
    if bearer(request.META.get("HTTP_AUTHORIZATION", "")) is None:
        return actors.for_user(request.user)
    key = key_of(request)
    return Key(key) if key else None


def _checked(key: str) -> str:
    if 0 < len(key) <= MAX_KEY and key.isascii() and key.isprintable():
        return key
    reason = gettext("1 to %(most)d printable ASCII characters, please.") % {"most": MAX_KEY}
    raise InvalidError(reason, fields={HEADER: [reason]})


def _fingerprint(request: HttpRequest) -> str:
    digest = sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type != "multipart/form-data":
        digest.update(request.body)
        return digest.hexdigest()
    for name, values in sorted(request.POST.lists()):
        digest.update(f"{name}={values}\n".encode())
    files = [(name, file) for name, group in request.FILES.lists() for file in group]
    for name, file in files:
        digest.update(f"{name}={file.name}\n".encode())
        for chunk in file.chunks():
            digest.update(chunk)
        file.seek(0)
    return digest.hexdigest()


def _kept(record: IdempotencyRecord, response: HttpResponse) -> HttpResponse:
    if response.status_code >= FAILURE:
        transaction.set_rollback(True)
    elif _is_kept(response):
        _write(record, response)
        prepared.update(record, ("status", "content_type", "body"))
    else:
        record.delete()
    return response
