"""Reasons of a request for a person: which of them say more than that a person is wanted."""

import re

_WORDS = re.compile(r"[^\W\d_]+")
_ENGLISH = """
a an and as agent agents asked asking asks be been by chat chatting client colleague connect
connected contact customer customers directly employee escalate escalated escalation explicitly for
from handoff handover has have he her him his human i immediately in instead is it like likes live
me member my need needs now of on operator our people person please prefers rather real
representative request requested requesting requests s she somebody someone speak speaking staff
support take takeover talk talking team that the their them they this to transfer transferred us
user visitor want wanted wants was we who wished wishes with would
"""
_GERMAN = """
bat bittet dem den der die ein eine einem einen einer fragt gebeten gefragt hat kunde kunden kundin
mensch menschen mit mitarbeiter mitarbeiterin möchte nach person reden sprechen um verbunden
verlangt werden will wünscht
"""
_SPANISH = """
agente cliente con el ha hablar humana humano la pedido persona pide pidió por quería quiere
solicita solicitó un una usuario
"""
_FRENCH = """
a agent avec client cliente conseiller demande demandé humain l la le parler personne souhaite un
une veut à
"""
_PORTUGUESE = """
a agente atendente cliente com falar humana humano o pede pediu pessoa por quer solicitou um uma
usuário
"""
_SAYS_NO_MORE = frozenset(
    word for words in (_ENGLISH, _GERMAN, _SPANISH, _FRENCH, _PORTUGUESE) for word in words.split()
)


def informative(reason: str) -> str:
    """Return ``reason``, or an empty text where it only says that a person is wanted."""
    words = _WORDS.findall(reason.casefold())
    return "" if words and _SAYS_NO_MORE.issuperset(words) else reason
