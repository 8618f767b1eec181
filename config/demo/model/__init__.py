"""The demo model: a deterministic, OpenAI-compatible server on loopback.

It lets the first start, the tests, the drills and the benchmarks use the same HTTP path as
production. It answers from what its prompt and its tool results say and needs no network.

Scripts for faults and measurements are chosen by a marker in the customer's last message,
``[demo:stall-first]``, or in the name of the model, ``demo:stall-first``; several are separated by
commas, a value follows ``=``. N counts tokens, requests or words, S is in seconds.

================== =================================================================
``rate=N``         N tokens a second instead of the server's rate; 0 = as fast as possible
``slow[=N]``       N tokens a second (3)
``words=N``        an answer of N words
``stall-headers[=S]`` nothing at all, not even a status line, for S seconds (for ever)
``stall-first[=S]``   a status line, then nothing for S seconds (for ever)
``stall-mid[=N]``  for ever silent after N tokens (10)
``cut[=N]``        the stream ends properly after N tokens (10), without a finish reason
``drop[=N]``       the connection breaks after N tokens (10)
``429[=N]`` ``500[=N]`` ``503[=N]``  the status, for the first N requests (all); 429 has Retry-After
``bad-json[=N]``   an event that is no JSON after N tokens (5)
``error[=N]``      an error event inside the stream after N tokens (5)
``endless``        never stops
``length``         finish reason ``length``; ``filter``: ``content_filter``; ``empty``: no text
``no-usage``       reports no usage
``call=NAME[+NAME]`` calls these tools, then answers
``think-aloud``    says something before it calls a tool
``bad-arguments[=N]`` calls a tool with broken JSON, N times (1)
``wrong-arguments[=N]`` calls a tool with arguments that its schema refuses, N times (1)
``unknown-tool``   calls a tool that does not exist, then answers
``tool-loop``      calls the first tool with the same arguments as long as tools are offered
================== =================================================================

``GET /_log`` lists for each request when it came, when its first byte left and when its client
closed (monotonic seconds, the machine's clock); ``DELETE /_log`` forgets them.
"""
