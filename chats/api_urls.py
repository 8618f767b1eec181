"""Paths below ``/api/v1/``."""

from django.urls import path

from chats.api import budgets, chats, knowledge, runs, usage

urlpatterns = [
    path("chats/", chats.ChatsView.as_view(), name="api-chats"),
    path("chats/<uuid:id>/", chats.ChatView.as_view(), name="api-chat"),
    path("chats/<uuid:id>/messages/", chats.MessagesView.as_view(), name="api-chat-messages"),
    path(
        "chats/<uuid:id>/messages/<uuid:message>/",
        chats.QuestionView.as_view(),
        name="api-question",
    ),
    path("conversations/<uuid:id>/usage/", runs.UsageView.as_view(), name="api-usage"),
    path("usage/", usage.UsageView.as_view(), name="api-usage-totals"),
    path("budgets/", budgets.BudgetsView.as_view(), name="api-budgets"),
    path("budgets/<uuid:id>/", budgets.BudgetView.as_view(), name="api-budget"),
    path("runs/<uuid:id>/", runs.RunView.as_view(), name="api-run"),
    path("runs/<uuid:id>/cancel", runs.CancelView.as_view(), name="api-cancel"),
    path("runs/<uuid:id>/regenerate", runs.RegenerateView.as_view(), name="api-regenerate"),
    path("tool-calls/", runs.ToolCallsView.as_view(), name="api-tool-calls"),
    path("tool-calls/<uuid:id>/", runs.ToolCallView.as_view(), name="api-tool-call"),
    path("tool-calls/<uuid:id>/approve", runs.ApproveView.as_view(), name="api-approve"),
    path("tool-calls/<uuid:id>/deny", runs.DenyView.as_view(), name="api-deny"),
    path("tool-calls/<uuid:id>/check", runs.CheckView.as_view(), name="api-check"),
    path("tools/", knowledge.ToolsView.as_view(), name="api-tools"),
    path("articles/", knowledge.ArticlesView.as_view(), name="api-articles"),
    path("articles/<uuid:id>/", knowledge.ArticleView.as_view(), name="api-article"),
]
