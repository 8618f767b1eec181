"""Lists: their filters, orders, pages and addresses, the same on the pages and on the API."""
