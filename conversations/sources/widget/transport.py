"""The widget's transport: visitors read in the frame, over their own socket."""

from django.utils.translation import gettext_lazy as _

from conversations.sources.widget import KIND
from conversations.transports import Transport


class WidgetTransport(Transport):
    """The transport to visitors of a site, who read in Parley itself."""

    kind = KIND
    label = _("Web widget")
    icon = "widget/icon.svg"
    badge = "widget/badge.css"
