"""Paths below ``/api/v1/``."""

from django.urls import path

from tickets import api

ONE = "tickets/<str:key>"

urlpatterns = [
    path("tickets/", api.TicketsView.as_view(), name="api-tickets"),
    path(f"{ONE}/", api.TicketView.as_view(), name="api-ticket"),
    path(f"{ONE}/comments/", api.CommentsView.as_view(), name="api-ticket-comments"),
    path(f"{ONE}/link", api.LinkView.as_view(), name="api-ticket-link"),
    path(f"{ONE}/unlink", api.UnlinkView.as_view(), name="api-ticket-unlink"),
    path(
        "conversations/<uuid:id>/tickets/",
        api.ConversationTicketsView.as_view(),
        name="api-conversation-tickets",
    ),
    path(
        "conversations/<uuid:id>/ticket-proposal",
        api.ProposalView.as_view(),
        name="api-ticket-proposal",
    ),
]
