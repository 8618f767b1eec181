"""The objects of chats that are sent: one definition of each, for REST and events alike."""
