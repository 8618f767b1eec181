"""A bare Django view that writes what an accepted message writes.

Django's own handler under Daphne, on the product's tables: no middleware, no REST framework, nobody
signs in, nothing is checked, rendered or sent.
"""
