"""The transport of API sources: what is said is fetched from the API."""

from django.utils.translation import gettext_lazy as _

from conversations.sources.api import KIND
from conversations.transports import Transport


class ApiTransport(Transport):
    """Customers of another system, which reads and writes for them."""

    kind = KIND
    label = _("API")
    icon = "api/icon.svg"
    badge = "api/badge.css"
    is_made_by_api = True
    is_fed_by_api = True
