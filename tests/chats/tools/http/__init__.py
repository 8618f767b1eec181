"""Tests of HTTP tools."""
