"""The objects that are sent: one definition of each, for REST, sockets, webhooks and exports.

A module holds the object's serializer, which the API's schema and the catalogue of events show,
and the functions that build it from rows.
"""
