"""Addresses of the mailing list. They come before Wagtail's, which would ask a POST for a CSRF token."""

from django.urls import path

from newsletter import preference_page, views, webhook

app_name = "newsletter"
urlpatterns = [
    path("newsletter/", views.newsletter, name="sign_up"),
    path("newsletter/thank-you/", views.thank_you, name="thank_you"),
    path("newsletter/preferences/<str:token>/", preference_page.preferences, name="preferences"),
    path("newsletter/mailchimp/<str:secret>/", webhook.receive, name="webhook"),
]
