"""What the REST interface takes and gives, by noun; presenters make what it gives."""
