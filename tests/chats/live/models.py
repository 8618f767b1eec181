"""A model server for tests that say themselves what it answers, and when."""

from collections.abc import Iterator
from threading import Event

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from chats.live import Runtime
from conversations.models import Conversation
from tests.chats import talk

LONGEST_HOLD = 10


class Model:
    """A model server that says what it is told to, answer by answer."""

    def __init__(self, httpserver: HTTPServer) -> None:
        """Answer at ``httpserver``."""
        self.answers: list[bytes | Iterator[bytes] | Response] = []
        self.asked: list[bytes] = []
        self.goes_on = Event()
        httpserver.expect_request("/v1/chat/completions").respond_with_handler(self._answer)

    def held(self, *pieces: bytes) -> Iterator[bytes]:
        """Yield ``pieces``; the first at once, the others when the model ``goes_on``."""
        first, *others = pieces
        yield first
        self.goes_on.wait(LONGEST_HOLD)
        yield from others

    def _answer(self, request: Request) -> Response:
        self.asked.append(request.get_data())
        answer = self.answers.pop(0)
        if isinstance(answer, Response):
            return answer
        return Response(answer, content_type="text/event-stream")


def ask(runtime: Runtime, conversation: Conversation) -> None:
    """Let a customer ask something, and the assistant answer."""
    talk.say(conversation, "May I return a lamp?")
    runtime.answer(conversation.pk)
