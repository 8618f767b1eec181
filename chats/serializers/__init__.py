"""What the REST interface of chats takes and gives, by noun; presenters make what it gives."""
