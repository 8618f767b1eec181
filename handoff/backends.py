"""Authentication that reads the signed-in user together with its agent."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User


class StaffBackend(ModelBackend):
    """Django's usernames and passwords; the user's query also reads the agent."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the active user of a session with its agent, or None."""
        user = User.objects.select_related("agent").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
