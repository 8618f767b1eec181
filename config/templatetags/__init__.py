"""Template tags of the administration's frame."""
