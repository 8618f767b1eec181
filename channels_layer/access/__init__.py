"""Who asks: actors, API keys and their scopes."""
