"""Readers of documents, one module for each sort; each is loaded in the limited process alone."""
