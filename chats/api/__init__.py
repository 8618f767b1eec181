"""The REST interface of chats and runs, by noun: load what one may see, call once, answer."""
