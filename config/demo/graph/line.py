"""The line to Parley: plain HTTP calls, whose failure is an answer too."""

from collections.abc import Mapping

import httpx

TIMEOUT = 20.0


class Line:
    """Connections to Parley that are kept open."""

    def __init__(self) -> None:
        """Connect with the first call."""
        self._client = httpx.AsyncClient(timeout=TIMEOUT, trust_env=False)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Return the status of the answer, 0 where there was none."""
        try:
            response = await self._client.post(url, content=body, headers=headers)
        except httpx.HTTPError:
            return 0
        return response.status_code

    async def get(self, url: str, query: Mapping[str, str]) -> tuple[int, str]:
        """Return status and text of the answer, 0 and nothing where there was none."""
        try:
            response = await self._client.get(url, params=query)
        except httpx.HTTPError:
            return 0, ""
        return response.status_code, response.text
