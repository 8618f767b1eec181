"""Paths of WhatsApp."""

from django.urls import path

from conversations.sources.whatsapp import views

urlpatterns = [
    path("webhooks/whatsapp/<uuid:sender_id>", views.webhook, name="whatsapp-webhook"),
]
