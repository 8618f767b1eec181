"""The demo: the lamp shop Nordhem, its people, its knowledge, and what was said lately."""
