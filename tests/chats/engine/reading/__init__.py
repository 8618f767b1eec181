"""Reading what model servers send: bytes in, the engine's events out, without any server."""
