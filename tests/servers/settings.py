"""The settings of instances that tests start: those of the product, and what is sent is checked."""

import os

from config import env

if env.current().debug:
    from config.settings.development import *  # noqa: F403
else:
    from config.settings.production import *  # noqa: F403

if "PARLEY_TEST_UNCHECKED" not in os.environ:
    EVENT_CHECK = "tests.objects.events.check"
    MIDDLEWARE = ["tests.objects.responses.ResponseCheck", *MIDDLEWARE]  # noqa: F405
