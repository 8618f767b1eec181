"""Files as bytes: their kinds, names, links, and the images made from them."""
