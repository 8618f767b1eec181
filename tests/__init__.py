"""The tests of Parley, in the order of its apps."""
