"""Reading: from the bytes that a model server sends to the engine's events.

bytes → ``lines`` → ``documents`` (JSON) → ``pieces`` (text, reasoning, calls) → ``thoughts`` and
``written_calls`` (what of the text is the answer) → ``stream`` (events). `docs/models.md` lists
what servers send.
"""
