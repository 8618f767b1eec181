"""Tools of servers of the Model Context Protocol: listing, pinning and calling them."""
