"""The webhook, which Meta's servers call."""

import hmac
from hashlib import sha256
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from conversations.sources.whatsapp.models import Sender
from conversations.sources.whatsapp.services import events

LONGEST_BODY = 3 * 1024 * 1024
SIGNATURE = "X-Hub-Signature-256"


# Meta's servers have no cookie that another site could misuse; the signature says who calls.
@csrf_exempt
@require_http_methods(["GET", "POST"])
def webhook(request: HttpRequest, sender_id: UUID) -> HttpResponse:
    """``/webhooks/whatsapp/<sender_id>``: verification by GET; events by POST."""
    sender = Sender.objects.filter(pk=sender_id).first()
    if sender is None:
        return _answer("Not found.", status=404)
    return _receive(request, sender) if request.method == "POST" else _verify(request, sender)


def _verify(request: HttpRequest, sender: Sender) -> HttpResponse:
    """Echo the challenge to a caller that knows the sender's verify token."""
    token = request.GET.get("hub.verify_token", "")
    is_right = bool(sender.verify_token) and _is_same(token, sender.verify_token)
    if request.GET.get("hub.mode") != "subscribe" or not is_right:
        return _answer("The verify token is wrong.", status=403)
    return _answer(request.GET.get("hub.challenge", ""))


def _receive(request: HttpRequest, sender: Sender) -> HttpResponse:
    """Store the event, if its signature is right; it is worked later."""
    body = request.read(LONGEST_BODY + 1)
    if len(body) > LONGEST_BODY:
        return _answer("This is too large.", status=413)
    signature = request.headers.get(SIGNATURE, "")
    secret = sender.app_secret
    right = hmac.new(secret.encode(), body, sha256).hexdigest()
    if not secret or not _is_same(signature, f"sha256={right}"):
        return _answer("The signature is wrong.", status=401)
    events.store(sender=sender, body=body, at=timezone.now())
    return _answer("OK")


def _is_same(given: str, right: str) -> bool:
    """Compare in constant time; headers and queries may hold any character."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), right.encode())


def _answer(text: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
