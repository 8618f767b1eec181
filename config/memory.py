"""Memory that stays: what a process has loaded when it starts is never garbage."""

import gc

from django.urls import reverse

from conversations.markup import code


def settle() -> None:
    """Load what the first requests and answers would; leave it out of every later collection.

    A full collection over it takes about a tenth of a second, in the middle of any request.
    """
    reverse("login")
    code.warm_up()
    keep()


def keep() -> None:
    """Leave what is loaded out of every later collection."""
    gc.collect()
    gc.freeze()
