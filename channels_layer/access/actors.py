"""Who acts: a person of the staff, another system, a visitor, or Parley itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User

from channels_layer import names
from channels_layer.models import ApiKey
from channels_layer.registry import Registry

LONGEST_LABEL = 200


@dataclass(frozen=True)
class Staff:
    """A signed-in person with a role: ``agent``, ``supervisor`` or ``administrator``."""

    user: User
    role: str
    name: str
    kind: ClassVar[str] = "staff"
    audience: ClassVar[str] = "staff"
    prefix: ClassVar[str] = "user:"

    @property
    def reference(self) -> str:
        """Name this person in rows and events."""
        return f"{self.prefix}{self.user.pk}"

    @property
    def label(self) -> str:
        """Return the name that people see."""
        return self.name

    @property
    def mention(self) -> str:
        """Return the name within a sentence."""
        return names.shown(self.name)

    @property
    def is_administrator(self) -> bool:
        """Return whether this person may change the configuration."""
        return self.role == "administrator"

    @property
    def is_supervisor(self) -> bool:
        """Return whether this person leads others; administrators do."""
        return self.role in {"supervisor", "administrator"}

    def may(self, scope: str) -> bool:
        """Return true: scopes bind keys alone; the role limits what a person may do."""
        return bool(scope)


@dataclass(frozen=True)
class Key:
    """Another system, by its API key. It is no person: it takes no floor."""

    key: ApiKey
    kind: ClassVar[str] = "key"
    audience: ClassVar[str] = "staff"

    @property
    def reference(self) -> str:
        """Name this key in rows and events."""
        return f"key:{self.key.pk}"

    @property
    def label(self) -> str:
        """Return the name that people see."""
        return self.key.name

    @property
    def mention(self) -> str:
        """Return the name within a sentence."""
        return names.shown(self.key.name)

    def may(self, scope: str) -> bool:
        """Return whether the key was given ``scope``."""
        return scope in self.key.scopes


@dataclass(frozen=True)
class Visitor:
    """A customer: the ids of contact and source, a name to show."""

    contact_id: UUID
    source_id: UUID
    name: str = ""
    kind: ClassVar[str] = "visitor"
    audience: ClassVar[str] = "visitor"

    @property
    def reference(self) -> str:
        """Name this contact in rows and events."""
        return f"contact:{self.contact_id}"

    @property
    def label(self) -> str:
        """Return the name that people see."""
        return names.line(self.name, LONGEST_LABEL) or "Visitor"

    @property
    def mention(self) -> str:
        """Return the name within a sentence, in which it is always quoted: they chose it."""
        return names.quoted(self.label)

    def may(self, scope: str) -> bool:
        """Return false: a visitor has no scopes."""
        return scope == ""


@dataclass(frozen=True)
class System:
    """Parley itself: a worker, a command, a rule; or an assistant, as ``assistant:<id>``."""

    name: str = "Parley"
    reference: str = "system"
    kind: ClassVar[str] = "system"
    audience: ClassVar[str] = "staff"

    @property
    def label(self) -> str:
        """Return the name that people see."""
        return self.name

    @property
    def mention(self) -> str:
        """Return the name within a sentence."""
        return names.shown(self.name)

    def may(self, scope: str) -> bool:
        """Return true: everything is allowed to Parley itself."""
        return bool(scope)


Actor = Staff | Key | Visitor | System
Resolver = Callable[[User], Staff | None]

_resolvers: Registry[str, Resolver] = Registry("resolver of signed-in users")


def parts_of(reference: str) -> tuple[str, str]:
    """Return what a reference such as ``key:0197…`` names, and its id; Parley itself has none."""
    kind, _, identifier = reference.partition(":")
    return kind, identifier


def staff_id_of(reference: str) -> int | None:
    """Return the user's id in the reference of a person of the staff; None for anybody else."""
    if not reference.startswith(Staff.prefix):
        return None
    return int(reference.removeprefix(Staff.prefix))


def register_staff_resolver(resolver: Resolver) -> None:
    """Set how a user becomes staff; the app that knows the roles calls this at start."""
    _resolvers.register(Staff.kind, resolver)


def for_user(user: AbstractBaseUser | AnonymousUser) -> Staff | None:
    """Return the staff behind ``user``; None for a user without a role or who is not active."""
    if not isinstance(user, User) or not user.is_active:
        return None
    return _resolvers[Staff.kind](user)
