"""A source of conversations that only the tests have: a folder, and nothing else."""

KIND = "carrier_pigeon"
