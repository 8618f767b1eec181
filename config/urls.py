"""Which app answers which path; an app's own paths stand in its ``urls`` and ``api_urls``."""

from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularSwaggerSplitView

from config import health, metrics, sources, views

PAGES = ("conversations", *sources.having("urls"), "chats", "tickets", "handoff")
# The last one answers whatever is left below /api/v1/.
RESOURCES = (
    "conversations",
    *sources.having("api_urls"),
    "chats",
    "tickets",
    "handoff",
    "channels_layer",
)

urlpatterns = [
    # First, as most requests are the API's, and patterns are tried in their order.
    *[path("api/v1/", include(f"{app}.api_urls")) for app in RESOURCES],
    path("", RedirectView.as_view(pattern_name="conversations:inbox"), name="home"),
    path(
        "login/",
        auth.LoginView.as_view(template_name="config/login.html", redirect_authenticated_user=True),
        name="login",
    ),
    path("logout/", views.LogoutView.as_view(), name="logout"),
    path("navigation/", views.NavigationView.as_view(), name="navigation"),
    path("admin/", admin.site.urls),
    path("favicon.ico", views.favicon, name="favicon"),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("metrics", metrics.metrics, name="metrics"),
    path("api/schema/", views.SchemaView.as_view(), name="api-schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
    *[path("", include(f"{app}.urls")) for app in PAGES],
]
