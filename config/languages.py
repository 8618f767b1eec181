"""The language of a request: the browser's for customers, and for staff where it is complete."""

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation


class LanguageMiddleware(LocaleMiddleware):
    """Follows the browser; pages and answers for staff are in ``STAFF_LANGUAGES`` only.

    The catalogues share words, so a page whose own are not all translated would mix two languages.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Activate the language of the request."""
        super().process_request(request)
        is_complete = translation.get_language() in settings.STAFF_LANGUAGES
        if not is_complete and not request.path_info.startswith(settings.CUSTOMER_PATHS):
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE
