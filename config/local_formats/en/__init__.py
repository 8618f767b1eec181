"""The forms of English."""
