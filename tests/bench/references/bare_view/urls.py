"""``POST /conversations/`` begins one; ``POST /orm/<id>/`` and ``/sql/<id>/`` write into it."""

from django.urls import path

from tests.bench.references.bare_view import by_hand, by_orm, views

urlpatterns = [
    path("conversations/", views.conversations),
    path("orm/<uuid:id>/", views.writing(by_orm.write)),
    path("sql/<uuid:id>/", views.writing(by_hand.write)),
]
