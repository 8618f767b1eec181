"""Commands of the whole product, one module each."""
