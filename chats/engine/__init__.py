"""The engine: calls a model, streams its answer and makes its tool calls.

Plain Python: it knows no Django, no Celery and no Channels. It reaches the world through the
protocols in ``ports``, which the answering services implement.
"""
