"""``manage.py createsuperuser``: Django's own, which checks no password of the environment."""

import os
from typing import Any

from django.contrib.auth.management.commands import createsuperuser
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError


class Command(createsuperuser.Command):
    """Creates an administrator; a password that everybody tries first is refused.

    A person at a terminal is asked whether to take it nevertheless.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the password of the environment, then do as Django does."""
        password = os.environ.get("DJANGO_SUPERUSER_PASSWORD")
        if not options["interactive"] and password is not None:
            name = options["username"] or os.environ.get("DJANGO_SUPERUSER_USERNAME", "")
            try:
                validate_password(password, User(username=name, email=options["email"] or ""))
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from None
        super().handle(*args, **options)
