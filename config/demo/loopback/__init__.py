"""Small servers on loopback that stand in for those of others: the plumbing they share.

Plain Python without Django, so that such a server starts in a moment.
"""
