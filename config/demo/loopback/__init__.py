"""Small servers on loopback that stand in for somebody else's: the plumbing they share.

Plain Python without Django, so that such a server starts in a moment.
"""
