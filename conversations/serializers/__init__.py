"""The bodies of requests to the REST interface, by noun; what it answers are `objects`."""
