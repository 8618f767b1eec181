"""The services of WhatsApp, by noun."""
