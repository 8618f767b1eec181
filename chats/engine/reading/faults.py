"""Faults: errors that servers report inside of an answer, with the status 200."""

from chats.engine import refusals
from chats.engine.parts import Json, ModelError
from chats.engine.reading.generations import generation_in
from chats.engine.reading.shapes import number_of, object_of, texts_of

LONGEST = 300
"""Characters of a server's own words."""
_ANSWERS = ("choices", "candidates", "message", "response", "content", "delta", "usage")
_STATED = 400
"""The status of an error that has none."""
_HTTP = range(400, 600)
_TOO_MANY = 429
_REFUSED = frozenset({400, 401, 402, 403, 404, 413, 422})
_RATE = ("rate_limit", "rate limit", "too many requests", "resource_exhausted", "quota")
_KEYS = ("errors", "detail", "details", "message", "msg", "error_msg", "base_resp")
_FINE = frozenset({"", "0", "200", "success", "ok"})
"""Codes that report no error."""


def fault_in(document: Json) -> ModelError | None:
    """Return the error that a document reports, None where it reports none."""
    error = document.get("error")
    if not error and _is_failure(document):
        error = next((document[key] for key in _KEYS if document.get(key)), None)
        error = error or document.get("type") or "the server reports an error"
    if not error:
        return None
    words = " · ".join(dict.fromkeys(texts_of(error))) or str(error)
    if (generation := generation_in(error)) is not None:
        failure = ModelError("unavailable", words, is_retryable=True)
        failure.generation = generation
        return failure
    inner = object_of(error)
    names = ("code", "status", "status_code", "error_code")
    codes = [one.get(name) for one in (inner, document) for name in names]
    status = next((code for code in map(number_of, codes) if code), 0)
    kind = f"{inner.get('type')} {inner.get('code')} {inner.get('status')} {words}".lower()
    fault = _fault(status, kind, words, may_be_refused="failed_generation" not in inner)
    status = status if status in _HTTP else _STATED
    fault.refusal = refusals.stated(status, {"error": error}, words)
    return fault


def _fault(status: int, kind: str, words: str, *, may_be_refused: bool) -> ModelError:
    if status == _TOO_MANY or any(word in kind for word in _RATE):
        return ModelError("rate_limited", words, is_retryable=True)
    if status in _REFUSED and may_be_refused:
        return ModelError("refused", words)
    return ModelError("unavailable", words, is_retryable=True)


def _is_failure(document: Json) -> bool:
    """Return whether a document without ``error`` reports one in words of its own."""
    if "error" in {str(document.get("object")), str(document.get("type"))}:
        return True
    if document.get("success") is False or not _is_fine(object_of(document.get("base_resp"))):
        return True
    if any(document.get(name) is not None for name in _ANSWERS if name != "message"):
        return False
    if document.get("detail") or document.get("errors") or document.get("error_msg"):
        return True
    is_said = isinstance(document.get("message"), str) and "role" not in document
    return is_said or (isinstance(document.get("msg"), str) and not _is_fine(document))


def _is_fine(part: Json) -> bool:
    """Return whether the code of an object says that nothing is wrong."""
    code = part.get("code", part.get("status_code"))
    return code is None or str(code).lower() in _FINE
