"""Signals of conversations; whoever receives them connects in ``ready()``.

They are sent in the transaction of the change, so that the error of a receiver undoes it. None may
depend on the order in which receivers are called. The conversation's row is written afterwards: a
receiver uses the object that it gets, which ``locked()`` returns as well.
"""

from django.dispatch import Signal

assistant_muted = Signal()
"""The assistant's right to speak was taken or given anew, so its present answer ends.

Sent with ``conversation`` (locked) and ``at``, before the line of the change: what was said until
then stands above that line, and nothing comes after it.
"""

contact_changed = Signal()
"""The name, email or phone number of a contact was changed.

Sent with ``contact`` (locked) and ``at``, when its conversations show the change.
"""

contact_merged = Signal()
"""All that belonged to a contact belongs to another one now; the former is about to be deleted.

Sent with ``former`` and ``contact`` (both locked) and ``at``, when the conversations have moved.
Whoever keeps something of a contact moves it, or it goes with the former contact.
"""

message_written = Signal()
"""A message, note or system line was written at the end of a conversation.

Sent with ``conversation`` (locked), ``message`` and ``at``, when it is published.
"""

stop_requested = Signal()
"""Somebody wants the answer in progress to stop.

Sent with ``conversation``, ``run`` (the id of the run that writes it), ``by`` and ``at``. The
receiver raises ``NotFoundError`` where the run is none of the conversation.
"""
