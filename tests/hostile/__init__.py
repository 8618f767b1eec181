"""What attackers send, through the real doors: frames at sockets, markup in every text."""
