"""What stands for the outside in tests: files of strangers, servers that misbehave."""
