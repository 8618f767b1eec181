"""Outcomes: what became of a file at one door, compared with what is right for it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.fakes.corpus.specimens import AUDIO, VIDEO, Fate, Right, Specimen

NOT_KNOWN = "do not know what is in it"
LOCKED = r"(?i)password|protected|locked|encrypted"
DOUBT = r"(?i)may be wrong|uncertain|unsure|not certain"
ACTIVE = r"(?i)html|svg|(?<!openxmlformats-officedocument.)(?<!open)xml|javascript"
SHOWN = r"image/(jpeg|png|webp|gif)$"
"""What every browser shows."""
STATEMENT = r"not arrive|could not|do not know"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A file after it went through a door and was read where that door has files read."""

    door: str
    status: str
    """``ready``, ``failed``, or the HTTP status of a refusal."""
    name: str = ""
    kind: str = ""
    declared: str = ""
    """The kind that WhatsApp said it is, where only its transport can know."""
    staff: str = ""
    """The words by which staff see it in the thread, and what is shown or played."""
    prompt: str = ""
    """The lines about it in the prompt."""
    is_visible: bool = False
    """The model is shown it as an image."""
    is_read: bool = True
    """Whether this door's files are read at all."""
    served: str = ""
    disposition: str = ""
    preview: str = ""
    """The content type of what is shown of an image in the thread."""
    has_place: bool = False
    """Whether what is served says where a photo was taken."""
    is_sniffed: bool = True
    """Whether a browser may guess its type."""


def faults(one: Specimen, came: Outcome) -> list[str]:
    """Return what is not right, in words; empty where everything is."""
    right = one.right
    if right.fate == Fate.REFUSED:
        return list(_unrefused(came))
    if came.status != "ready":
        return [f"refused or lost: {came.status} {came.staff}"]
    checks = (_kind(right, came), _prompt(right, came), _seen(right, came), _leaves(right, came))
    return [fault for check in checks for fault in check]


def _unrefused(came: Outcome) -> Iterator[str]:
    if came.status == "ready":
        yield f"taken as {came.kind} {came.served}"
    if came.status == "failed" and NOT_KNOWN not in came.prompt:
        yield f"the model is told {came.prompt!r}"


def _kind(right: Right, came: Outcome) -> Iterator[str]:
    if not re.fullmatch(right.kind, came.kind):
        yield f"kind is {came.kind}, not {right.kind}"
    is_open = set(right.kind.split("|")) == {AUDIO, VIDEO}
    if is_open and came.declared in {AUDIO, VIDEO} and came.kind != came.declared:
        yield f"kind is {came.kind} although WhatsApp said {came.declared}"
    if right.called and not re.search(right.called, _nameless(came.prompt, came)):
        yield f"the model is not told the kind {right.called}"
    if right.called and not re.search(right.called, _nameless(came.staff, came)):
        yield f"staff do not see the kind {right.called}"
    if not re.search(right.shown_as, came.name):
        yield f"named {came.name!r}"


def _prompt(right: Right, came: Outcome) -> Iterator[str]:
    """Compare what the model is told; a door whose files are not read may say so."""
    if not came.is_visible and len(came.prompt.strip().splitlines()) < 2:
        yield "the model is told a bare name"
    for words in right.never:
        if words in came.prompt:
            yield f"the model is told {words!r}"
    if not came.is_read and NOT_KNOWN in came.prompt:
        return
    yield from _fate(right, came)
    for pattern in right.told:
        if not re.search(pattern, _nameless(came.prompt, came)):
            yield f"the model is not told {pattern}"


def _fate(right: Right, came: Outcome) -> Iterator[str]:
    match right.fate:
        case Fate.READ | Fate.HEARD:
            yield from _words(right, came)
        case Fate.SEEN:
            is_other = "document" in right.kind and NOT_KNOWN in came.prompt
            if not came.is_visible and not is_other:
                yield "the model does not see it"
        case Fate.LOCKED | Fate.UNKNOWN:
            if NOT_KNOWN not in came.prompt:
                yield "the model is not told that it does not know"
            if right.fate == Fate.LOCKED and not re.search(LOCKED, _nameless(came.prompt, came)):
                yield "the model is not told that it is locked"


def _words(right: Right, came: Outcome) -> Iterator[str]:
    missing = [words for words in right.words if words not in came.prompt]
    is_said = right.is_doubtful and re.search(DOUBT, came.prompt)
    if right.is_marked_doubtful:
        yield from _doubt(came)
    if missing and not is_said:
        yield f"missing: {'; '.join(missing)}"
    if (
        right.fate == Fate.HEARD
        and not right.words
        and not re.search(rf"What is said in it|[Nn]othing (is|was) said|{STATEMENT}", came.prompt)
    ):
        yield "it is not transcribed"


def _doubt(came: Outcome) -> Iterator[str]:
    if not re.search(DOUBT, came.prompt):
        yield "the model is not told that characters may be wrong"
    if came.is_read and not re.search(DOUBT, came.staff):
        yield "staff are not told that characters may be wrong"


def _seen(right: Right, came: Outcome) -> Iterator[str]:
    """Compare what staff see in the thread."""
    if came.kind == "image" and "<img>" not in came.staff:
        yield "staff do not see the picture"
    if came.kind == "image" and not re.match(SHOWN, came.preview):
        yield f"the picture is shown as {came.preview}"
    if not is_played(came) and "<a>" not in came.staff:
        yield "staff can neither play nor open it"
    if is_played(came) and not came.served.startswith(("audio/", "video/")):
        yield f"a player is shown for {came.served}"
    if right.fate == Fate.LOCKED and came.is_read and not _is_locked(came):
        yield "staff do not see that it is locked"


def _leaves(right: Right, came: Outcome) -> Iterator[str]:
    if not re.search(right.served, came.served):
        yield f"served as {came.served}, not {right.served}"
    if re.search(ACTIVE, came.served):
        yield f"served as {came.served}"
    if came.has_place:
        yield "it says where it was taken"
    if came.is_sniffed:
        yield "a browser may guess its type"
    is_inline = came.disposition.startswith("inline")
    if is_inline and came.kind == "document":
        yield "it is opened in the browser"
    if not is_inline and is_played(came):
        yield "it is played in place and served as a download"


def _is_locked(came: Outcome) -> bool:
    return bool(re.search(LOCKED, _nameless(came.staff, came)))


def _nameless(words: str, came: Outcome) -> str:
    """Return what is said of a file besides its name."""
    return words.replace(came.name, "") if came.name else words


def is_played(came: Outcome) -> bool:
    """Return whether staff are offered to play it."""
    return "<audio>" in came.staff or "<video>" in came.staff


def table(rows: Iterable[tuple[Specimen, list[Outcome]]]) -> str:
    """Return a table of all files: for each door what staff see, what the model is told."""
    lines = [
        "| file | door | staff see | the model is told | served | not right |",
        "|" + "---|" * 6,
    ]
    for one, outcomes in rows:
        for came in outcomes:
            prompt = f"{'[image] ' if came.is_visible else ''}{came.prompt}"
            served = f"{came.served}, {came.disposition.partition(';')[0]}"
            cells = [one.name, came.door, came.staff, prompt, served, "; ".join(faults(one, came))]
            lines.append(f"| {' | '.join(map(_cell, cells))} |")
    return "\n".join(lines) + "\n"


def _cell(words: str) -> str:
    """Return one line of at most 220 characters that no table takes for more."""
    line = " ".join(words.split()).replace("|", "\\|").replace("<", "&lt;")
    return line if len(line) <= 220 else f"{line[:160]} … {line[-50:]}"
