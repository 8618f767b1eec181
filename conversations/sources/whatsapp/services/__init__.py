"""What happens on WhatsApp, by noun."""
