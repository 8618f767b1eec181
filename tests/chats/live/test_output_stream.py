"""What a worker shows before it has gone on: what the run had shown already."""

from chats.live.output_stream import OutputStream
from chats.models import Run
from tests.factories import NOON


def test_a_run_that_was_taken_over_shows_what_it_had_shown() -> None:
    run = Run(text="The lamp is", first_token_at=NOON)
    output = OutputStream(run, clock=lambda: NOON, pause=lambda: 0.0)
    assert (output.shown, output.text, output.length) == ("The lamp is", "The lamp is", 11)
