"""The pages of chats."""

from django.urls import path

from chats.views import approvals, pages, reasoning, usage

app_name = "chats"
urlpatterns = [
    path("approvals/", approvals.ApprovalsView.as_view(), name="approvals"),
    path("approvals/rows/", approvals.ApprovalRowsView.as_view(), name="approval-rows"),
    path("approvals/<uuid:id>/", approvals.ApprovalsView.as_view(), name="approval"),
    path("approvals/<uuid:id>/result/", approvals.ToolResultView.as_view(), name="tool-result"),
    path("usage/", usage.UsageView.as_view(), name="usage"),
    path("chats/", pages.ChatsView.as_view(), name="chats"),
    path("chats/list/", pages.ListView.as_view(), name="list"),
    path("chats/history/", pages.HistoryView.as_view(), name="history"),
    path("chats/runs/<uuid:id>/reasoning/", reasoning.ReasoningView.as_view(), name="reasoning"),
    path("chats/<uuid:id>/", pages.ChatsView.as_view(), name="chat"),
    path("chats/<uuid:id>/head/", pages.HeadView.as_view(), name="head"),
    path("chats/<uuid:id>/messages/", pages.MessagesView.as_view(), name="messages"),
    path("chats/<uuid:id>/messages/<uuid:message>/", pages.MessageView.as_view(), name="message"),
]
