"""What attackers send to real servers: frames at sockets, markup in every text."""
