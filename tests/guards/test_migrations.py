"""Migrations: the models and the migrations say the same."""

import pytest
from django.core.management import call_command


@pytest.mark.django_db
@pytest.mark.both_databases
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
