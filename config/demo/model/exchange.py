"""An exchange with the demo model: a request, noted in its log, and errors in OpenAI's form."""

from config.demo.loopback.exchange import Exchange as Plain
from config.demo.model.log import Entry


class Exchange(Plain[Entry]):
    """One request being answered."""

    async def error(self, status: int, message: str, **headers: str) -> None:
        """Answer with an error in OpenAI's form."""
        self.entry.is_refused = True
        error = {"message": message, "type": "demo_error", "code": str(status)}
        await self.json({"error": error}, status, **headers)
