"""Contacts and what can be changed of them."""

from typing import Any

from rest_framework import serializers

from channels_layer.rest import strict


class ContactChange(serializers.Serializer[Any]):
    """What is known of a contact; what is left out stays as it is."""

    name = strict.CharField(max_length=200, required=False, allow_blank=True)
    email = strict.EmailField(max_length=254, required=False, allow_blank=True)
    phone = strict.CharField(max_length=32, required=False, allow_blank=True)
