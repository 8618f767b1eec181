"""The administration: who gets in, what can be changed, what goes through services."""
