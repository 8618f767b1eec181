"""Signals of the core; the apps above connect their receivers in ``ready()``."""

from django.dispatch import Signal

users_connected = Signal()
"""People have a socket open.

Sent with ``references``, names such as ``user:5``, and ``at``, when people come and every 20 s
while they are there; from a thread of the hub, so receivers may use the database. Leaving is not
reported: such a person is no longer named.
"""
