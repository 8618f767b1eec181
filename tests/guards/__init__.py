"""Guards: rules of the house that hold for every file, walked by the tests."""
