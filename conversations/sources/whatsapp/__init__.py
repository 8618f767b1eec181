"""Meta's WhatsApp Cloud API as a source of conversations."""

KIND = "whatsapp"
