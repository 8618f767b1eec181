"""The composition root: settings, URLs, servers and commands; nothing else imports it."""
