"""Lines of the prompt about files that the model cannot see, whatever their state.

Either the line bears what was said, seen or written in the file, or it says that the model does not
know. A bare name would invite it to make something up.
"""

from channels_layer import formats, names
from conversations.files import stored, texts
from conversations.files.kinds.types import Content
from conversations.models import Attachment, Reading

UNKNOWN = "you do not know what is in it"
MACROS = "It holds macros, which were not run."
LONGEST_NAME = 120
_NONE = "it is not shown"
_MOVING = (_NONE, "its beginning is shown", "its beginning and its middle are shown")
_STILL = (_NONE, "only one picture of it is shown")
_PAGES = ("they are not shown", "only the first is shown")
"""By the number of pictures that are shown."""
_ACTS = {Content.SEEN: "described", Content.SAID: "transcribed"}
_KINDS = {
    Attachment.Kind.IMAGE: "Image",
    Attachment.Kind.AUDIO: "Audio",
    Attachment.Kind.VIDEO: "Video",
    Attachment.Kind.DOCUMENT: "Document",
}


def line_of(file: Attachment) -> str:
    """Return the line by which a model knows a file that it cannot see."""
    return "\n".join((_head(file), *(_known(file) or [_unknown(file)])))


def line_beside(file: Attachment, *, shown: int) -> str:
    """Return the line beside an image that a model sees ``shown`` pictures of, not all of it."""
    return f"{_head(file)}\n{note_on(file, shown=shown)}"


def note_on(file: Attachment, *, shown: int) -> str:
    """Return what of an image a model does not see in the ``shown`` pictures of it, if anything."""
    if file.motion == Attachment.Motion.MOVING:
        return f"It moves; {_MOVING[min(shown, 2)]}."
    if file.motion == Attachment.Motion.STILL:
        return f"It moves; {_STILL[min(shown, 1)]}."
    if not file.page_count:
        return ""
    if shown > 1:
        return f"It has {file.page_count} pages; pages 1 to {shown} are shown, one picture each."
    return f"It has {file.page_count} pages; {_PAGES[shown]}."


def named(file: Attachment) -> str:
    """Return the file by its type and its name, which is a stranger's."""
    return f"{file.row.label}, a file named {names.quoted(file.name, LONGEST_NAME)}"


def _head(file: Attachment) -> str:
    is_here = file.status == Attachment.Status.READY
    size = f" ({formats.size(file.size)})" if is_here else ""
    macros = f" {MACROS}" if is_here and file.row.has_macros else ""
    return f"[{_KINDS[Attachment.Kind(file.kind)]} attached: {named(file)}{size}]{macros}"


def _known(file: Attachment) -> list[str]:
    """Return what is known of the content; nothing of a file that is not here."""
    if file.status != Attachment.Status.READY:
        return []
    parts = []
    if file.transcript:
        parts.append(f"What is said in it: {file.transcript}")
    if file.description:
        parts.append(f"What is seen in it: {file.description}")
        parts += filter(None, [note_on(file, shown=0)])
    text, extent = (file.text, file.extent) if file.text else _plain_text(file)
    if text:
        parts.append(_text(file, text, f" ({extent})" if extent else ""))
    return parts


def _text(file: Attachment, text: str, extent: str) -> str:
    if file.content == Content.ENTRIES:
        return f"It holds{extent}:\n{text}\nOf these you know the names alone, {UNKNOWN}."
    return f"Its text{extent}:\n{text}"


def _plain_text(file: Attachment) -> tuple[str, str]:
    """Return the text of a plain file that needs no reading, such as a colleague's."""
    if file.content != Content.TEXT:
        return "", ""
    try:
        return texts.read(stored.read(file.path, end=texts.MOST_BYTES))
    except OSError:
        return "", ""


def _unknown(file: Attachment) -> str:
    """Return why nothing is known of the content."""
    if file.status != Attachment.Status.READY:
        return _missing(file)
    reading: Reading | None = getattr(file, "reading", None)
    return _untried(file) if reading is None else _read(file, reading)


def _missing(file: Attachment) -> str:
    if file.status == Attachment.Status.FETCHING:
        return f"It has not arrived yet; {UNKNOWN}."
    return f"It did not arrive; {UNKNOWN}. {file.error}".strip()


def _untried(file: Attachment) -> str:
    """Return why nobody tried to read a file that is here."""
    if file.error:
        return f"It could not be opened; {UNKNOWN}. {file.error}"
    if file.row.is_locked:
        return f"It is protected by a password; {UNKNOWN}."
    if file.kind == Attachment.Kind.VIDEO:
        return f"Films are not watched; {UNKNOWN}."
    was = "cannot be" if file.content == Content.NOTHING else "was not"
    return f"It {was} {_act(file)}; {UNKNOWN}."


def _read(file: Attachment, reading: Reading) -> str:
    """Return what a reading came to that found no words."""
    if reading.state == Reading.State.QUEUED:
        return f"It has not been {_act(file)} yet; {UNKNOWN}."
    if reading.state == Reading.State.FAILED:
        return f"It could not be {_act(file)}; {UNKNOWN}. {reading.error}".strip()
    if file.kind == Attachment.Kind.AUDIO:
        return f"No words were heard in it; {UNKNOWN} besides."
    extent = f" ({file.extent})" if file.extent else ""
    if file.content == Content.ENTRIES:
        return f"It holds{extent or ' files'} without a name here; {UNKNOWN}."
    return f"No words were found in it{extent}; {UNKNOWN} besides."


def _act(file: Attachment) -> str:
    return _ACTS.get(file.content, "read")
