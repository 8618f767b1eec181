"""Conversations that other systems bring in through the API."""

KIND = "api"
