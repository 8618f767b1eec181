"""Errors: how a model call fails."""


class ModelError(Exception):
    """A model call that failed; ``code`` is stable, the text is for the log.

    Codes: ``unavailable`` ``rate_limited`` ``refused`` (by credentials or as a bad request)
    ``timeout`` ``malformed`` ``cut`` (ended without a finish reason) ``filtered`` ``empty``.
    """

    read: str | None = None
    """The text read before it failed; None where the model surely used no tokens."""

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        is_retryable: bool = False,
        retry_after: float | None = None,
    ) -> None:
        """Keep what happened; ``retry_after`` is in seconds, as the provider said it."""
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.is_retryable = is_retryable
        self.retry_after = retry_after


class InterruptedStreamError(ModelError):
    """A stream that broke after some of its text was visible; that text stays."""
