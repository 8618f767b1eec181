"""Tests of sources: what a folder registers, and what the core does with it."""
