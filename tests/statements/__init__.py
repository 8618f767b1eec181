"""Tests of how many statements the frequent acts make."""
