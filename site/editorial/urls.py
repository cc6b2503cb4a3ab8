"""Addresses under the admin's that need no session. They come before Wagtail's, which would ask for one."""

from django.urls import path

from editorial.feed import feed

urlpatterns = [path("calendar/feed.ics", feed, name="calendar-feed")]
