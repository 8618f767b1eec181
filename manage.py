#!/usr/bin/env python
"""Parley's command line."""

import os
import sys

from django.core.management import execute_from_command_line

from config import env


def main() -> None:
    """Run a management command with the settings that the environment asks for."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", env.settings_module())
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
