"""The sources that are installed, and which of them bring pages, endpoints or sockets."""

from django.apps import apps
from django.utils.module_loading import module_has_submodule


def having(module: str) -> list[str]:
    """Return the names of the sources' packages in which there is ``module``."""
    sources = [
        app for app in apps.get_app_configs() if app.name.startswith("conversations.sources.")
    ]
    return [app.name for app in sources if module_has_submodule(app.module, module)]
