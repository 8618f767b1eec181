"""The check of what is sent: every event and every answer of the API is as its object says.

``config.settings.test`` and ``tests.servers.settings`` switch it on.
"""
