"""``current_time``: what time it is, here or elsewhere."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils.translation import gettext_noop as _

from channels_layer.errors import RefusedError
from chats.tools.registry import Effect, Json, Tool, ToolContext


def _tell(context: ToolContext, arguments: Json) -> Json:
    name = arguments.get("time_zone") or settings.TIME_ZONE
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = f"There is no time zone “{name}”. Name one as Europe/Stockholm."
        raise RefusedError(message) from None
    now = context.at.astimezone(zone)
    return {
        "time": f"{now:%H:%M}",
        "date": f"{now:%Y-%m-%d}",
        "weekday": f"{now:%A}",
        "time_zone": name,
    }


TOOL = Tool(
    name="current_time",
    title=_("Tell the time"),
    description="Tell the time, date and weekday now, here or in another time zone.",
    parameters={
        "type": "object",
        "properties": {
            "time_zone": {
                "type": "string",
                "maxLength": 64,
                "description": "Such as Europe/Stockholm; left out: where the shop is.",
            }
        },
        "additionalProperties": False,
    },
    handler=_tell,
    effect=Effect.READING,
)
