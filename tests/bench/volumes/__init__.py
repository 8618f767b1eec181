"""Figures of lists and searches in a deployment of some size, beside SQL written by hand."""
