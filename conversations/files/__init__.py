"""Files as bytes: what they are, what they are called, how images and links to them are made."""
