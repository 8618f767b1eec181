"""Who is signed in, read together with what that person is here."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User


class StaffBackend(ModelBackend):
    """Usernames and passwords as ever; the agent comes in the query of the user."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the active user of a session with its agent, or None."""
        user = User.objects.select_related("agent").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
