"""Who may do what: every URL, topic and frame by every actor; whatever is not listed is refused."""
