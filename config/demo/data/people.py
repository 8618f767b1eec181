"""Alice, Bob, Carol and the administrator."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from channels_layer.access.actors import Staff
from config.demo.data import files
from handoff import selectors, services


@transaction.atomic
def load() -> None:
    """Create the missing people, with the password that the contract says."""
    known = set(User.objects.filter(agent__isnull=False).values_list("username", flat=True))
    for person in files.table("people")["person"]:
        if person["username"] not in known:
            _appoint(person)


def logins() -> list[dict[str, str]]:
    """Return the usernames with their passwords and roles."""
    return [
        {
            "username": person["username"],
            "password": f"{person['username']}-demo",
            "role": person["role"],
        }
        for person in files.table("people")["person"]
    ]


def actors() -> dict[str, Staff]:
    """Return the demo's people as actors, by username."""
    names = [person["username"] for person in files.table("people")["person"]]
    users = User.objects.filter(username__in=names)
    found = {user.get_username(): selectors.staff_actor(user) for user in users}
    return {name: actor for name, actor in found.items() if actor is not None}


def _appoint(person: dict[str, Any]) -> None:
    username = person["username"]
    user, is_new = User.objects.get_or_create(
        username=username,
        defaults={
            "first_name": person["first_name"],
            "last_name": person["last_name"],
            "email": f"{username}@nordhem.example",
        },
    )
    if is_new:
        user.set_password(f"{username}-demo")
        user.save(update_fields=["password"])
    services.appoint(
        user=user,
        role=person["role"],
        presence=person["presence"],
        capacity=person["capacity"],
    )
