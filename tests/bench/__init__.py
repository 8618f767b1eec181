"""Benchmarks: what is measured, not only true."""
