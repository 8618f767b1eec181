"""Paths below ``/api/v1/``."""

from django.urls import path

from conversations.api import (
    assistants,
    attachments,
    contacts,
    conversations,
    events,
    messages,
    sources,
)

ONE = "conversations/<uuid:id>"

urlpatterns = [
    path("conversations/", conversations.ConversationsView.as_view(), name="api-conversations"),
    path(f"{ONE}/", conversations.ConversationView.as_view(), name="api-conversation"),
    path(f"{ONE}/messages/", messages.MessagesView.as_view(), name="api-messages"),
    path(
        f"{ONE}/messages/<uuid:message>/resend/",
        messages.ResendView.as_view(),
        name="api-resend",
    ),
    path(
        f"{ONE}/customer-messages/",
        messages.CustomerMessagesView.as_view(),
        name="api-customer-messages",
    ),
    path(f"{ONE}/join", conversations.JoinView.as_view(), name="api-join"),
    path(f"{ONE}/accept", conversations.AcceptView.as_view(), name="api-accept"),
    path(f"{ONE}/release", conversations.ReleaseView.as_view(), name="api-release"),
    path(f"{ONE}/end", conversations.EndView.as_view(), name="api-end"),
    path(f"{ONE}/reopen", conversations.ReopenView.as_view(), name="api-reopen"),
    path(f"{ONE}/assistant", conversations.SwitchView.as_view(), name="api-switch"),
    path(f"{ONE}/variables/", conversations.VariablesView.as_view(), name="api-variables"),
    path(f"{ONE}/events/", events.ConversationEventsView.as_view(), name="api-conversation-events"),
    path("attachments/", attachments.AttachmentsView.as_view(), name="api-attachments"),
    path("attachments/<uuid:id>/retry/", attachments.RetryView.as_view(), name="api-retry"),
    path("contacts/", contacts.ContactsView.as_view(), name="api-contacts"),
    path("contacts/<uuid:id>/", contacts.ContactView.as_view(), name="api-contact"),
    path("contacts/<uuid:id>/block", contacts.BlockView.as_view(), name="api-block"),
    path("contacts/<uuid:id>/unblock", contacts.UnblockView.as_view(), name="api-unblock"),
    path(
        "contacts/<uuid:id>/conversations/",
        contacts.ContactConversationsView.as_view(),
        name="api-contact-conversations",
    ),
    path("assistants/", assistants.AssistantsView.as_view(), name="api-assistants"),
    path("assistants/<uuid:id>/", assistants.AssistantView.as_view(), name="api-assistant"),
    path("sources/", sources.SourcesView.as_view(), name="api-sources"),
    path("sources/<uuid:id>/", sources.SourceView.as_view(), name="api-source"),
]
