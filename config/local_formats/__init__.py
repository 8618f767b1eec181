"""How Django writes times by itself, by language: as ``channels_layer/formats.py`` does."""
