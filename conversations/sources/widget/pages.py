"""The address of the page that a visitor writes from, without what may be a secret in it."""

import re
from itertools import pairwise
from urllib.parse import quote, unquote, urlsplit, urlunsplit

_MOST_ENCODINGS = 3
# A query or fragment that was written, or encoded, as part of the path.
_QUERY = re.compile(r"[?#&]")
_HIDDEN = "…"
_SECRET = re.compile(
    r"""
    [^@\s/]@[^@\s/]                                      # an address of mail
    | (?<!\w)\+\d{7}                                     # a telephone number
    | (?<![A-Za-z0-9])eyJ[\w-]{8,}                       # a signed token, such as a JWT
    | [0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}
    | [A-Za-z0-9]{30} | \d{16} | (?=[a-fA-F]*\d)(?=\d*[a-fA-F])[0-9a-fA-F]{16}
    """,
    re.VERBOSE,
)
# Of signs drawn by chance, more than every fifth is of another class than the one before.
_SHORTEST_RANDOM = 16
_FEWEST_TURNS = 5
_SIGNS_PER_TURN = 5
# What a page is called on which an account is proven: /password-reset, /verifyEmail, /sign-in.
_WORD = re.compile(r"sign[-_]?in|log[-_]?in|[^\W_]+", re.IGNORECASE)
_NEXT_WORD = re.compile(r"(?<=[a-z\d])(?=[A-Z])")
_ACCOUNT_WORD = re.compile(
    r"(?:password)?reset(?:password)?|passwords?|magic(?:link)?"
    r"|(?:e?mail|account)?(?:verif|confirm|activat)\w*|invit\w*|token|otp"
    r"|unsubscribe|o?auth2?|log[-_]?in|sign[-_]?in|session|key",
    re.IGNORECASE,
)
# Any other word makes it a page about things: /reset-button, /activated-carbon, /key-rings.
_WORD_BESIDE = re.compile(
    r"e?mail|e|address|phone|number|account|user|member|customer|team|newsletter|subscription"
    r"|registration|link|code|my|your|new|set|change|forgot|forgotten|lost|recovery|request"
    r"|accept|complete|edit|by|with|to|php|html?|aspx?|jsp|\d+",
    re.IGNORECASE,
)
_SHORT_SECRET = re.compile(r"(?=.*\d)[\w.~+=-]{6,}")


def address(url: str, *, with_query: bool = False) -> str:
    """Return scheme, host, port and path of a page; empty for what is no address of the web.

    Parts of the path that look like a secret or a person are an ellipsis. ``with_query`` keeps
    them, query and fragment, too. Credentials before the host go in any case.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host:
        return ""
    place = f"[{host}]" if ":" in host else host
    network = place if port is None else f"{place}:{port}"
    if with_query:
        return urlunsplit((parts.scheme, network, parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, network, _without_secrets(parts.path), "", ""))


def _without_secrets(path: str) -> str:
    """Return a path up to what is a query in truth, with its secrets hidden."""
    kept: list[str] = []
    proves_account = False
    for part in path.split("/"):
        plain = _decoded(part)
        # Servers of old keep a session behind a semicolon: /basket;jsessionid=1F.
        shown = _QUERY.split(plain.partition(";")[0])[0]
        is_secret = _is_secret(shown)
        for text in shown.split("/"):
            is_secret = is_secret or (proves_account and bool(_SHORT_SECRET.fullmatch(text)))
            proves_account = _proves_account(text, before=proves_account)
        whole = part if shown == plain else quote(shown)
        kept.append(_HIDDEN if is_secret else whole)
        if _QUERY.search(plain):
            break
    return "/".join(kept)


def _proves_account(text: str, *, before: bool) -> bool:
    """Return whether the page ``text`` proves an account, or goes on with one that does.

    A part of words beside or of a number goes on: /confirm/email, /verify/42.
    """
    words = _words(text)
    beside = [word for word in words if not _ACCOUNT_WORD.fullmatch(word)]
    if not all(map(_WORD_BESIDE.fullmatch, beside)):
        return False
    return len(beside) < len(words) or before


def _words(text: str) -> list[str]:
    return _WORD.findall(_NEXT_WORD.sub("-", text))


def _decoded(part: str) -> str:
    """Return a part of a path decoded, also where it was encoded more than once."""
    for _ in range(_MOST_ENCODINGS):
        part = unquote(part)
    return part


def _is_secret(text: str) -> bool:
    """Return whether a part of a path looks like a secret, or names a person."""
    if _SECRET.search(text):
        return True
    signs = sum(map(str.isalnum, text))
    turns = sum(_turns(one, other) for one, other in pairwise(text))
    return signs >= _SHORTEST_RANDOM and turns >= max(_FEWEST_TURNS, signs / _SIGNS_PER_TURN)


def _turns(one: str, other: str) -> bool:
    """Return whether two neighbours are of different classes; a capital may begin a word."""
    if not (one.isalnum() and other.isalnum()) or (one.isupper() and other.islower()):
        return False
    return (one.isdigit(), one.isupper()) != (other.isdigit(), other.isupper())
