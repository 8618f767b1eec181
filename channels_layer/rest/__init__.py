"""REST plumbing: authentication, permissions, and the form of answers and refusals."""
