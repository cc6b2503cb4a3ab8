"""What readers say of pages: whether one was helpful, and why. It knows core and no other app."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = "Feedback from readers"
