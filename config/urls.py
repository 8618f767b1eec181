"""Which app answers which path; an app's own paths stand in its ``urls`` and ``api_urls``."""

from django.apps import apps
from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path
from django.utils.module_loading import module_has_submodule
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from config import health, metrics, views

SOURCES = [app for app in apps.get_app_configs() if app.name.startswith("conversations.sources.")]


def of_sources(module: str) -> list[str]:
    """Return the sources that have ``module``."""
    return [app.name for app in SOURCES if module_has_submodule(app.module, module)]


PAGES = ("conversations", *of_sources("urls"), "chats", "tickets", "handoff")
# The last one answers whatever is left below /api/v1/.
RESOURCES = (
    "conversations",
    *of_sources("api_urls"),
    "chats",
    "tickets",
    "handoff",
    "channels_layer",
)

urlpatterns = [
    path("", RedirectView.as_view(url="/conversations/"), name="home"),
    path(
        "login/",
        auth.LoginView.as_view(template_name="config/login.html", redirect_authenticated_user=True),
        name="login",
    ),
    path("logout/", views.LogoutView.as_view(), name="logout"),
    path("navigation/", views.NavigationView.as_view(), name="navigation"),
    path("admin/", admin.site.urls),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("metrics", metrics.metrics, name="metrics"),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
    *[path("", include(f"{app}.urls")) for app in PAGES],
    *[path("api/v1/", include(f"{app}.api_urls")) for app in RESOURCES],
]
