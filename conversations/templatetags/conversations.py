"""Times, numbers and previews as the inbox writes them."""

import re
from datetime import date, datetime, timedelta

from django import template
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from conversations import source_kinds

register = template.Library()

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WINDOW_SHORT = timedelta(hours=2)
KILO = 1000
LINKS = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
MARKS = re.compile(r"```\w*|[`*_#|]+|(?:^|\s)-{1,}(?=[\s|]|$)")


@register.simple_tag
def source_badge(name: str) -> SafeString:
    """Draw the badge of a kind of source: its own icon, if it has one, and its label."""
    kind = source_kinds.of(name)
    return format_html(
        '<span class="source source--{}">{}{}</span>', name, _symbol(kind.icon), kind.label
    )


@register.filter
def age(at: datetime) -> str:
    """Return how long ago ``at`` was: now, 6 min, 3 h, then the day."""
    passed = timezone.now() - at  # noqa: TID251 - a template's filter is part of the interface
    if passed < MINUTE:
        return _("now")
    if passed < HOUR:
        return _("%(count)d min") % {"count": passed // MINUTE}
    if passed < DAY:
        return _("%(count)d h") % {"count": passed // HOUR}
    return str(formats.date_format(timezone.localtime(at), "j M"))


@register.filter
def is_past(at: datetime | None) -> bool:
    """Return whether a time has passed; nothing counts as passed."""
    return at is None or at <= timezone.now()  # noqa: TID251 - part of the interface, as above


@register.filter
def window_words(closes_at: datetime) -> str:
    """Return how much is left of the reply window: 5 h left, 48 min left."""
    left = closes_at - timezone.now()  # noqa: TID251 - part of the interface, as above
    if left <= timedelta():
        return _("Window closed")
    if left < WINDOW_SHORT:
        return _("%(count)d min left") % {"count": left // MINUTE}
    return _("%(count)d h left") % {"count": left // HOUR}


@register.filter
def window_left(closes_at: datetime) -> str:
    """Return how much is left of the reply window, in short: 5 h, 48 min."""
    left = closes_at - timezone.now()  # noqa: TID251 - part of the interface, as above
    if left < WINDOW_SHORT:
        return _("%(count)d min") % {"count": max(left, timedelta()) // MINUTE}
    return _("%(count)d h") % {"count": left // HOUR}


@register.filter
def window_tone(closes_at: datetime) -> str:
    """Return the colour modifier of the window's badge: orange where little is left."""
    left = closes_at - timezone.now()  # noqa: TID251 - part of the interface, as above
    return " badge--orange" if timedelta() < left < WINDOW_SHORT else ""


@register.filter
def day_words(day: date) -> str:
    """Return a day as a separator shows it: Today, Yesterday with the date, else the date."""
    today = timezone.localdate()
    if day == today:
        return _("Today")
    words = str(formats.date_format(day, "j F" if day.year == today.year else "j F Y"))
    return _("Yesterday, %(day)s") % {"day": words} if day == today - DAY else words


@register.filter
def at_most(number: int, limit: int) -> str:
    """Return ``number``, or the limit with a plus sign."""
    return str(number) if number <= limit else f"{limit}+"


@register.filter
def began(at: datetime) -> str:
    """Return when something began: the time today, else the day."""
    local = timezone.localtime(at)
    is_today = local.date() == timezone.localdate()
    return str(formats.date_format(local, "H:i" if is_today else "j M"))


@register.filter
def duration(lasted: timedelta) -> str:
    """Return how long something lasted, in its two largest units: 6 min, 3 h 5 min, 2 d 4 h."""
    hours, minutes = divmod(round(lasted / MINUTE), 60)
    days = hours // 24
    if days:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": hours % 24}
    if hours:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    return _("%(count)d min") % {"count": minutes}


@register.filter
def size(count: int) -> str:
    """Return a file's size: 512 B, 293 kB, 1.2 MB; in thousands, as shops and disks count."""
    if count < KILO:
        return _("%(count)d B") % {"count": count}
    if count < KILO**2:
        return _("%(count)d kB") % {"count": round(count / KILO)}
    return _("%(count).1f MB") % {"count": count / KILO**2}


@register.filter
def file_icon(kind: str) -> str:
    """Return the icon for a kind of file, by its use."""
    return {"image": "eye", "audio": "sound"}.get(kind, "file")


@register.filter
def plain(text: str) -> str:
    """Return a preview without the marks of Markdown, which a list would show as noise."""
    return " ".join(MARKS.sub(" ", LINKS.sub(r"\1", text)).split()) or text


@register.filter
def sentence(text: str) -> str:
    """Return ``text`` with a full stop, unless it ends with a mark already."""
    return text if not text or text[-1] in ".!?…" else f"{text}."


@register.filter
def thousands(number: int) -> str:
    """Return a number as people read it: 12,480."""
    return f"{number:,}"


def _symbol(file: str) -> SafeString | str:
    """Draw the one symbol of an SVG file."""
    if not file:
        return ""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#icon"></use></svg>', static(file)
    )
