"""Where requests come in: what is believed of them, how large and how slow they may be."""
