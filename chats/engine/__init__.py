"""The engine: how a model is asked, streamed and given tools.

Plain Python: it knows no Django, no Celery and no Channels. What it needs of the world it takes
through the protocols in ``ports``; the answering services give them to it.
"""
