"""Commands of WhatsApp, by name."""
