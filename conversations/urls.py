"""The pages of conversations."""

from django.urls import path

from conversations.views import files, inbox, thread

app_name = "conversations"
urlpatterns = [
    path("conversations/", inbox.InboxView.as_view(), name="inbox"),
    path("conversations/rows/", inbox.RowsView.as_view(), name="rows"),
    path("conversations/markdown/", thread.MarkdownView.as_view(), name="markdown"),
    path("conversations/<uuid:id>/", inbox.InboxView.as_view(), name="conversation"),
    path("conversations/<uuid:id>/floor/", thread.FloorView.as_view(), name="floor"),
    path(
        "conversations/<uuid:id>/runs/<uuid:run>/tools/", thread.ToolsView.as_view(), name="tools"
    ),
    path("conversations/<uuid:id>/details/", thread.DetailsView.as_view(), name="details"),
    path("conversations/<uuid:id>/messages/", thread.MessagesView.as_view(), name="messages"),
    path(
        "conversations/<uuid:id>/messages/<uuid:message>/",
        thread.MessageView.as_view(),
        name="message",
    ),
    path("files/<uuid:id>/<str:variant>", files.file, name="file"),
]
