"""Icons, avatars and stored sentences, for every template."""

from zlib import crc32

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from channels_layer import sentences

register = template.Library()

PERSON_TONES = ("a", "b", "c", "d", "e")
ASSISTANT_TONES = ("", "a", "b")
INITIALS = 2


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """Draw the icon ``name`` of the sprite; ``size`` is xs, sm, lg or nothing for 16 px."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        f" icon--{size}" if size else "",
        static("ui/icons.svg"),
        name,
    )


@register.filter
def translated(text: str | None) -> str:
    """Return a sentence that a job stored in the reader's language; another text as it is."""
    return sentences.translated(text or "")


@register.filter
def initials(name: str | None) -> str:
    """Return up to two letters that stand for ``name``; a phone number gives its first digits."""
    words = [word for word in (name or "").strip("“”").split() if word[0].isalnum()]
    if not words:
        return (name or "?").lstrip("+")[:INITIALS].upper()
    if len(words) == 1:
        return words[0][:INITIALS].upper()
    return (words[0][0] + words[-1][0]).upper()


@register.filter
def tone(key: object) -> str:
    """Return the colour modifier of a person's avatar, the same for the same ``key``."""
    return f"avatar--{PERSON_TONES[crc32(str(key).encode()) % len(PERSON_TONES)]}"


@register.filter
def assistant_tone(key: object) -> str:
    """Return the colour modifier of an assistant's avatar, the same for the same ``key``."""
    chosen = ASSISTANT_TONES[crc32(str(key).encode()) % len(ASSISTANT_TONES)]
    return f"avatar--{chosen}" if chosen else ""
