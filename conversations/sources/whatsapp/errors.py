"""Meta's errors: whether to retry, stop or give up, and plain words with what to do."""

from dataclasses import dataclass
from typing import Any

import httpx
from django.utils.translation import gettext_noop as _
from pywa.errors import WhatsAppError

from conversations.transports import SendResult, SendStatus

LATER = 300.0
TOO_MANY_REQUESTS = 429
SERVER_FAULT = 500
LONGEST_REASON = 140
FILE_REFUSED = 131053
OF_TEMPLATES = range(132_000, 133_000)

PLAIN = {
    0: _("WhatsApp did not accept the access token. An administrator has to enter a new one."),
    3: _(
        "The access token lacks a permission. An administrator has to grant whatsapp_business_"
        "messaging."
    ),
    10: _("The access token lacks a permission. An administrator has to grant it at Meta."),
    33: _("The phone number does not exist any more at Meta. Check its id in the admin."),
    100: _("WhatsApp did not understand this message. Send it in another form."),
    190: _("The access token has expired. An administrator has to enter a new one."),
    368: _("Meta has restricted this account for breaking a policy. See the WhatsApp Manager."),
    130429: _("Too many messages at once. It is tried again by itself."),
    130472: _(
        "Meta does not deliver this to the customer, who is part of an experiment. Wait until"
        " the customer writes."
    ),
    130497: _("This account may not write to customers in this country."),
    131000: _("WhatsApp had a fault of its own. Send it again."),
    131005: _("The access token lacks a permission. An administrator has to grant it at Meta."),
    131008: _("Something that WhatsApp requires is missing in this message."),
    131009: _("WhatsApp did not accept a value in this message. Send it in another form."),
    131016: _("WhatsApp is not available for the moment. Send it again."),
    131021: _("This is the number that it would be sent from. Nobody else can be reached here."),
    131026: _(
        "WhatsApp cannot reach this customer: no WhatsApp on this number, an old version, or"
        " the customer has blocked the business."
    ),
    131030: _(
        "A test number reaches only the numbers that are listed for it at Meta. Add this one."
    ),
    131031: _("Meta has locked this account. See the WhatsApp Manager for the reason."),
    131037: _("The phone number's display name is not approved. See the WhatsApp Manager."),
    131042: _(
        "Meta could not charge for this message. Check the payment method in the WhatsApp Manager."
    ),
    131045: _("The phone number is not registered rightly. An administrator has to register it."),
    131047: _("The customer last wrote more than 24 hours ago. Send an approved template."),
    131048: _(
        "Meta slows this number down because customers blocked or reported it. It is tried"
        " again later."
    ),
    131049: _(
        "Meta held this back, so that the customer does not get too much marketing. Send it"
        " tomorrow at the earliest."
    ),
    131050: _("The customer does not want marketing messages from this business."),
    131051: _("WhatsApp does not know this type of message. Send a text or a file."),
    131052: _("WhatsApp could not fetch the file. Send it again."),
    131053: _("WhatsApp did not accept the file. Send it in another format."),
    131056: _("Too many messages to this customer in a short time. It is tried again by itself."),
    131057: _("The account is under maintenance at Meta. It is tried again by itself."),
    131062: _("This cannot be sent to a customer whose phone number is not known."),
    131063: _("Meta does not let this number send marketing templates."),
    131064: _("Meta's limit for this account is reached. Wait until the customer writes."),
    132000: _(
        "The number of the template's parameters is wrong. Sync the templates and fill in all."
    ),
    132001: _("There is no approved template of this name and language. Sync the templates."),
    132005: _("The template became too long with these parameters. Shorten them."),
    132007: _("The template's content breaks a policy of WhatsApp. Choose another one."),
    132008: _("A parameter of the template is not valid. Change it."),
    132012: _("A parameter of the template has the wrong format. Change it."),
    132015: _("Meta has paused the template for its quality. Choose another one."),
    132016: _("Meta has disabled the template for its quality. Choose another one."),
    132018: _("A parameter of the template is not valid. Change it."),
    132068: _("The form that belongs to this template is blocked."),
    132069: _("The form that belongs to this template is slowed down. Send it later."),
    133004: _("WhatsApp is not available for the moment. Send it again."),
    133010: _("The phone number is not registered. An administrator has to register it at Meta."),
    135000: _("WhatsApp did not understand this message. Send it in another form."),
    137000: _("The customer's WhatsApp has changed. Wait until the customer writes."),
}
VAGUE = frozenset(
    {100, 131008, 131009, 131053, 135000, *(code for code in PLAIN if code in OF_TEMPLATES)}
)
"""Errors that only Meta's own details explain."""
LONGEST_WORDS = 200
AFTERWARDS = {
    130429: _("Too many messages at once. Send it again."),
    131048: _(
        "Meta slows this number down because customers blocked or reported it. Send it again later."
    ),
    131056: _("Too many messages to this customer in a short time. Send it again in a minute."),
    131057: _("The account is under maintenance at Meta. Send it again later."),
}
"""Other words for errors reported after a message was taken: it is not retried then."""
TEMPORARY = frozenset(
    {1, 2, 4, 80007, 130429, 131000, 131016, 131048, 131056, 131057, 133004, 133016}
)
"""Errors of an attempt that surely sent nothing and that may succeed later."""
SLOW = frozenset({131048})
CREDENTIALS = frozenset({0, 190, 133010})
"""Errors of our access, not of the message: nothing can be sent until it is mended."""
RESTRICTING = CREDENTIALS | {368, 131031}

REFUSED = _("WhatsApp refused this (error {code}).")
REFUSED_FOR = _("WhatsApp refused this: {reason} (error {code}).")
LOST = _("WhatsApp did not deliver this.")
LOST_FOR = _("WhatsApp did not deliver this: {reason}.")
EXPLAINED = _("{words} Meta says: {reason}.")
SERVER_REFUSED = _("WhatsApp's server refused this (HTTP {status}).")
UNREACHABLE = _("WhatsApp cannot be reached. It is tried again by itself.")
SENTENCES = (
    *PLAIN.values(),
    *AFTERWARDS.values(),
    UNREACHABLE,
    REFUSED_FOR,
    REFUSED,
    LOST_FOR,
    LOST,
    SERVER_REFUSED,
    EXPLAINED,
)
"""What is stored, to be read in the reader's language."""
NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """The result of an error of the Graph API for the delivery."""

    result: SendResult
    restricts: bool = False


def words(code: int, details: str = "") -> str:
    """Return the plain words for Meta's error ``code``; ``details`` are Meta's own."""
    reason = _reason(details)
    if plain := PLAIN.get(code):
        if code not in VAGUE or not reason:
            return plain
        says = EXPLAINED.format(words=plain, reason=reason)
        return f"{says[: LONGEST_WORDS - 1].rstrip(' .')}."
    return (REFUSED_FOR if reason else REFUSED).format(reason=reason, code=code)


def words_of_status(code: int, details: str = "") -> str:
    """Return the plain words for a message that was taken and failed later; 0: no code.

    It is not retried by itself, even where a request refused with ``code`` is.
    """
    if code:
        return AFTERWARDS.get(code) or words(code, details)
    reason = _reason(details)
    return (LOST_FOR if reason else LOST).format(reason=reason)


def judged(error: Exception) -> Judgement:
    """Judge the error of a request that was to send a message.

    A request that was begun and got no response in Meta's own form is unclear: it may have arrived.
    """
    if isinstance(error, NEVER_SENT):
        return _again("unreachable", UNREACHABLE)
    if not isinstance(error, WhatsAppError):
        return Judgement(result=SendResult(status=SendStatus.UNCLEAR))
    if is_well_formed(error.raw_response):
        return _meta_says(error)
    return _proxy_says(error)


def judged_upload(error: Exception) -> Judgement:
    """Judge the error of an upload to Meta: no message was sent, so it may be retried."""
    if not isinstance(error, WhatsAppError) or not is_well_formed(error.raw_response):
        judgement = judged(error)
        is_unclear = judgement.result.status == SendStatus.UNCLEAR
        return _again("unreachable", UNREACHABLE) if is_unclear else judgement
    if error.code not in VAGUE or error.is_transient:
        return _meta_says(error)
    text = words(FILE_REFUSED, error.details or error.message)
    return Judgement(
        result=SendResult(status=SendStatus.FAILED, error_code=str(FILE_REFUSED), error=text)
    )


def is_well_formed(response: httpx.Response | None) -> bool:
    """Return whether a response is an error in Meta's own form, not one of a proxy."""
    if response is None:
        return False
    try:
        body: Any = response.json()
    except ValueError:
        return False
    error = body.get("error") if isinstance(body, dict) else None
    return isinstance(error, dict) and isinstance(error.get("code"), int)


def _meta_says(error: WhatsAppError) -> Judgement:
    code, text = error.code, words(error.code, error.details or error.message)
    restricts = code in RESTRICTING
    if restricts or code in TEMPORARY or error.is_transient:
        pause = LATER if code in SLOW else _retry_after(error.raw_response)
        return _again(str(code), text, retry_in=pause, restricts=restricts)
    return Judgement(result=SendResult(status=SendStatus.FAILED, error_code=str(code), error=text))


def _proxy_says(error: WhatsAppError) -> Judgement:
    """Judge a response that is not Meta's own but of a server on the way."""
    status = error.status_code or SERVER_FAULT
    if status == TOO_MANY_REQUESTS:
        return _again("http_429", PLAIN[130429], retry_in=_retry_after(error.raw_response))
    if status >= SERVER_FAULT:
        return Judgement(result=SendResult(status=SendStatus.UNCLEAR))
    text = SERVER_REFUSED.format(status=status)
    return Judgement(
        result=SendResult(status=SendStatus.FAILED, error_code=f"http_{status}", error=text)
    )


def _reason(details: str) -> str:
    return details.strip().rstrip(".")[:LONGEST_REASON]


def _again(code: str, text: str, *, retry_in: float = 0.0, restricts: bool = False) -> Judgement:
    result = SendResult(status=SendStatus.AGAIN, error_code=code, error=text, retry_in=retry_in)
    return Judgement(result=result, restricts=restricts)


def _retry_after(response: httpx.Response | None) -> float:
    value = response.headers.get("Retry-After", "") if response is not None else ""
    return min(float(value), 3600.0) if value.isdecimal() else 0.0
