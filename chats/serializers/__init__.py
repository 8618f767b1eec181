"""The serializers of chats' REST interface, by noun; presenters build the answers."""
