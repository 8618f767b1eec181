"""Values that nobody may read off a page, a log line or an error."""

HIDDEN = "'…'"


class Secret(str):
    """Text whose ``repr`` does not show it: in a dictionary, a traceback, a page of errors.

    As text it is whole, since libraries sign and connect with it.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        """Return the same for every secret, so that not even the length shows."""
        return HIDDEN if self else "''"
