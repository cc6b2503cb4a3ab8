"""Addresses of shared drafts."""

from django.urls import path

from drafts import views

app_name = "drafts"
urlpatterns = [path("drafts/<str:token>/", views.shared, name="shared")]
