"""Commands of WhatsApp."""
