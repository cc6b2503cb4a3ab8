"""Addresses of readers' answers. They come before Wagtail's, which would ask a POST for a CSRF token."""

from django.urls import path

from feedback import views

app_name = "feedback"
urlpatterns = [
    path("feedback/", views.answer, name="answer"),
    path("feedback/thank-you/", views.thank_you, name="thank-you"),
    path("feedback/<str:token>/", views.comment, name="comment"),
]
