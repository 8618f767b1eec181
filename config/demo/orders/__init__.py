"""The demo's order service: the system of a shop on loopback that an assistant's tools call.

It knows the orders of the fictional lamp shop Nordhem (``orders.toml``), gives money back and
changes addresses, and counts what it did, so that tests and drills see each effect from the other
side. What it did is kept in a file and known again after a restart; dates are counted from the day
on which it starts.

``/orders``, ``/orders/{number}``, ``/orders/{number}/refunds``, ``/orders/{number}/address`` and
``/products/{id}/picture`` need ``Authorization: Bearer KEY`` (``access.py``). A writing call may
carry an ``Idempotency-Key``: the same key with the same body is answered as before and does nothing
again. ``/openapi.json`` describes all of it.

Without a key: ``GET /health``, ``GET /counts`` ``{"refunds", "address_changes", "lookups",
"repeated"}`` and ``GET /effects``, what was done, oldest first, each with its idempotency key.
``DELETE /effects`` (with the key) forgets everything that was done.

Faults are chosen by the header ``X-Fault``, by ``?fault=`` or by a marker in what is sent,
``[orders:cut]``; several are separated by commas, a value follows ``=``.

==================== ================================================================
``slow[=S]``         done at once, answered after S seconds (2)
``hang``             done, but never answered; ``hang-before``: not even done
``cut``              done, then the connection breaks; ``cut-before``: it breaks first
``500[=N]``          not done, the status, the first N times (always); any status from 400 on
``500-after[=N]``    done, and the status all the same
``huge[=N]``         an answer of N megabytes (10)
``redirect[=URL]``   not done; the client is sent elsewhere (``/health``)
``no-json``          done, answered with a page instead of JSON
==================== ================================================================

``cut=N`` and ``hang=N`` and their ``-before`` strike the first N times as well.
"""
