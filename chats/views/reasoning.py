"""``/chats/runs/<id>/reasoning/``: what the model thought aloud before an answer."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from channels_layer.pages import StaffView
from chats.selectors import reasoning
from chats.selectors.runs import run_for


class ReasoningView(StaffView):
    """The reasoning of one answer, as a fragment of the thread."""

    def get(self, request: HttpRequest, id: UUID) -> HttpResponse:
        """Render it as the text that it is; it may have been cut, which it says itself."""
        run = run_for(self.actor, id)
        return render(request, "chats/_reasoning.html", {"reasoning": reasoning.of_run(run.pk)})
