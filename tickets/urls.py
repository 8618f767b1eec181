"""The pages of tickets."""

from django.urls import path

from tickets.views import pages

app_name = "tickets"
urlpatterns = [
    path("tickets/", pages.TicketsView.as_view(), name="tickets"),
    path("tickets/rows/", pages.RowsView.as_view(), name="rows"),
    path("tickets/<int:number>/", pages.TicketsView.as_view(), name="ticket"),
    path("tickets/<int:number>/parts/", pages.PartsView.as_view(), name="parts"),
    path("tickets/<int:number>/earlier/", pages.EarlierView.as_view(), name="earlier"),
    path("conversations/<uuid:id>/tickets/", pages.PanelView.as_view(), name="panel"),
]
