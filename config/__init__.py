"""The composition root: settings, URLs, servers and commands; nothing else imports it."""

__version__ = "0.4.0"
"""The version of Parley; ``CHANGELOG.md`` says what is new in it."""
