"""The REST interface's inputs and outputs, by noun; presenters build the outputs."""
