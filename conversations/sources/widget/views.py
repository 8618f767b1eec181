"""The loader, the frame, its accent, and the demo page."""

import re
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import condition, require_safe

from channels_layer.errors import NotFoundError
from conversations.services import attachments
from conversations.sources.widget import colours, objects, selectors, texts
from conversations.sources.widget.models import Widget

LOADER = Path(__file__).parent / "static" / "widget" / "loader.js"
LOADER_AGE = 300
ACCENT_AGE = 86_400
LONGEST_LANGUAGE = 35  # as RFC 5646 recommends
REGIONAL = re.compile(r"[a-z]{2,3}(-[a-z]{4})?-([a-z]{2}|[0-9]{3})", re.IGNORECASE)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data: blob:; "
    "media-src 'self' blob:; connect-src 'self'; font-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self' {ancestors}"
)


def _loader_etag(request: HttpRequest) -> str:
    del request
    return _loader()[1]


@require_safe
@condition(etag_func=_loader_etag)
def loader(request: HttpRequest) -> HttpResponse:
    """``/widget.js``: the script that any site may include."""
    del request
    response = HttpResponse(_loader()[0], content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={LOADER_AGE}"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
@xframe_options_exempt
def frame(request: HttpRequest, key: str) -> HttpResponse:
    """``/widget/<key>/``: what the loader frames; only the widget's own origins may."""
    widget = _widget(key)
    language = _language(request)
    with translation.override(language):
        response = _frame(request, widget, tag=_tag(request, language))
    response["Content-Language"] = language
    response["Content-Security-Policy"] = POLICY.format(ancestors=" ".join(widget.allowed_origins))
    response["Cache-Control"] = "no-cache"
    return response


def _language(request: HttpRequest) -> str:
    """Return the language that the site asks for, if it is one of ours; else the browser's."""
    try:
        wanted = request.GET.get("language", "")[:LONGEST_LANGUAGE]
        return translation.get_supported_language_variant(wanted)
    except LookupError:
        return translation.get_language() or settings.LANGUAGE_CODE


def _tag(request: HttpRequest, language: str) -> str:
    """Return ``language`` with the region that the site names, which writes the times."""
    wanted = request.GET.get("language", "")
    is_regional = REGIONAL.fullmatch(wanted) and wanted.lower().startswith(f"{language}-")
    return wanted if is_regional else language


def _frame(request: HttpRequest, widget: Widget, *, tag: str) -> HttpResponse:
    ours = "/widget/" + widget.key + "/"
    config = objects.config_object(widget) | {
        "labels": texts.labels(),
        "origins": widget.allowed_origins,
        "base": ours,
        "socket": "/ws/v1/visitor/",
        "files": {"bytes": settings.UPLOAD_MAX_BYTES, "count": attachments.MOST_PER_MESSAGE},
    }
    context = {"widget": widget, "config": config, "words": widget.words, "tag": tag}
    return render(request, "widget/frame.html", context)


@require_safe
def accent(request: HttpRequest, key: str) -> HttpResponse:
    """``/widget/<key>/accent.css``: the widget's colour, always dark enough for white text."""
    del request
    colour = colours.parse(_widget(key).shown_accent)
    hover = colours.write(colours.darker(colour, 0.88))
    sheet = (
        f":root {{ --widget-accent: {colours.write(colour)}; --widget-accent-hover: {hover}; "
        "--on-accent: #fff; --accent-500: var(--widget-accent); "
        "--accent-600: var(--widget-accent-hover); }\n"
    )
    response = HttpResponse(sheet, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={ACCENT_AGE}"
    return response


@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """``/widget/demo/``: a shop that has the widget on its page, or the one of ``?widget=``."""
    if key := request.GET.get("widget"):
        widget = _widget(key)
    else:
        try:
            widget = selectors.demo_widget()
        except NotFoundError:
            raise Http404 from None
    return render(request, "widget/demo.html", {"widget": widget})


def _widget(key: str) -> Widget:
    try:
        return selectors.widget_for(key)
    except NotFoundError:
        raise Http404 from None


@cache
def _loader() -> tuple[bytes, str]:
    script = LOADER.read_bytes()
    return script, f'"{sha256(script).hexdigest()[:16]}"'
