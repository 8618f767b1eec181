"""The bodies of requests to chats' REST interface, by noun; what it answers are `objects`."""
