"""Signals of conversations; the apps above connect their receivers in ``ready()``."""

from django.dispatch import Signal

assistant_muted = Signal()
"""The assistant's right to speak was taken or given anew, so its present answer ends.

Sent with ``conversation`` (locked) and ``at``, in the transaction of the change and before its own
line: what was said until then stands above that line, and nothing comes after it.
"""
