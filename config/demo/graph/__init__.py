"""The demo Graph: Meta's Graph API for WhatsApp on loopback, with a phone that plays the customer.

It lets the first start, the tests and the drills use the same HTTP path as production. It needs no
network and forgets everything when it stops. Any version prefix is taken (``/v26.0/…``).

Faults are chosen by a marker in what is sent, ``[graph:131047]``, or for tests by
``POST /_faults {"fault": "500", "path": "messages", "text": "…", "sender": "…", "times": 2}``
(all but ``fault`` optional; ``DELETE`` forgets them); several are separated by commas, a value
follows ``=``.

==================== ================================================================
``CODE[=N]``         Graph's error of that code (``131047``), the first N times (always)
``429[=N]``          too many requests (code 130429); ``500[=N]``: a temporary error of Graph's;
                     ``503[=N]``: a gateway's page, no JSON; N times (always)
``hang``             taken, but never answered; ``hang-before``: not even taken
``cut``              taken, then the connection breaks; ``cut-before``: it breaks first
``slow[=S]``         taken at once, answered after S seconds (2)
``fail=CODE``        taken, then a status says failed with CODE
``silent``           taken, and no status ever comes; ``sent-only``: none after *sent*
``repeat[=N]``       each status comes N times (3); ``backwards``: the newest status comes first
==================== ================================================================

``hang``, ``cut`` and ``slow`` take an optional ``=N`` or ``=S`` only where the table says so. A
message counts as taken once for each request that Graph would have delivered: ``GET /_log`` returns
``{"requests", "taken", "trackers", "webhooks"}``, where ``trackers`` counts the messages that were
taken under each ``biz_opaque_callback_data``; ``DELETE /_log`` forgets them.

``POST /_senders`` makes a sender known (the fields of ``senders.Sender``), ``POST /_webhook
{"sender", "field", "value", "times"?, "signature"?}`` sends a webhook as it stands. The phone's own
calls (``phone.py``) serve tests as well.
"""
