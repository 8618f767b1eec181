"""Permissions. A view names the resource of its ``scope``; keys need the scope for it."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from channels_layer.access.actors import Actor, Key, Staff
from channels_layer.errors import PersonRequiredError


class IsAgent(BasePermission):
    """Anybody of the staff, or a key with the view's scope for this method."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Let staff and entitled keys through."""
        actor = _actor(request)
        return isinstance(actor, Staff) or _key_may(actor, request, view)


class IsSupervisor(BasePermission):
    """A supervisor or administrator, or a key with the view's scope for this method."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Let them through."""
        actor = _actor(request)
        return (isinstance(actor, Staff) and actor.is_supervisor) or _key_may(actor, request, view)


class IsAdministrator(BasePermission):
    """An administrator, or a key with the view's scope for this method."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Let them through."""
        actor = _actor(request)
        if isinstance(actor, Staff):
            return actor.is_administrator
        return _key_may(actor, request, view)


class IsAgentReadsAdministratorWrites(BasePermission):
    """Reading as ``IsAgent``, changing as ``IsAdministrator``."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Let them through by the method."""
        rule = IsAgent if request.method in SAFE_METHODS else IsAdministrator
        return rule().has_permission(request, view)


class IsPerson(BasePermission):
    """All staff; a key is refused with ``person_required``."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Let staff through."""
        del view
        actor = _actor(request)
        if isinstance(actor, Key):
            raise PersonRequiredError
        return isinstance(actor, Staff)


def _actor(request: Request) -> Actor | None:
    return getattr(request, "actor", None)


def _key_may(actor: Actor | None, request: Request, view: Any) -> bool:
    resource = getattr(view, "scope", "")
    verb = "read" if request.method in SAFE_METHODS else "write"
    return bool(resource) and isinstance(actor, Key) and actor.may(f"{resource}:{verb}")
