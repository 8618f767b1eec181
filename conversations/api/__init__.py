"""The REST interface of conversations, by noun: load what one may see, call once, answer."""
