"""The addresses of the site. Pages come last: Wagtail answers whatever no view here has answered."""

from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from core import health, sitemap, views
from core.page_cache.public import public
from core.search.views import search

urlpatterns = [
    path("admin/", include("accounts.urls")),
    path("admin/", include("editorial.urls")),
    # Wagtail's page that always fails, to try out how a site does: here each call would be told of as a fault.
    path("admin/failwhale/", views.nothing, name="no-fault"),
    path("admin/", include(wagtailadmin_urls)),
    re_path(r"^documents/(?P<pk>\d{1,18})/(?P<name>[^/]+)$", views.document),
    path("documents/", include(wagtaildocs_urls)),
    path("search/", search, name="search"),
    path("sitemap.xml", public()(sitemap.sitemap), name="sitemap"),
    re_path(r"^sitemap-(?P<number>[1-9]\d{0,4})\.xml$", public()(sitemap.sitemap_part), name="sitemap-part"),
    path("robots.txt", views.robots_txt, name="robots"),
    path("llms.txt", views.llms_txt, name="llms"),
    path(".well-known/security.txt", views.security_txt, name="security"),
    path("health/live/", health.live, name="health-live"),
    path("health/ready/", health.ready, name="health-ready"),
    path("health/metrics/", health.metrics, name="health-metrics"),
    re_path(r"^cards/(?P<pk>\d{1,9})-(?P<digest>[0-9a-f]{16})\.png$", views.social_card, name="social-card"),
    path("media/<path:path>", views.media, name="media"),
    path("", include("newsletter.urls")),
    path("", include("feedback.urls")),
    path("", include("drafts.urls")),
    # Wagtail's own pattern has no dots: data that a page gives under a file's name.
    re_path(r"^((?:[\w-]+/)+(?:(?:feed|map(?:\.schema)?)\.json|dates\.ics))$", views.page, name="page-data"),
    re_path(r"^(?!_util/)((?:[\w-]+/)*)$", views.page, name="page"),
    # Wagtail's own: passwords of private pages, and the names by which it builds addresses.
    path("", include(wagtail_urls)),
]
