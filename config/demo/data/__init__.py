"""The demo data: the lamp shop Nordhem, its people, articles and conversations."""
