"""Parts of rendering text: bounds of work, links, code, text as it was typed."""
