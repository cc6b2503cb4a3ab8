""" "Test the connection": asks Mailchimp now, and says in words what it finds."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from newsletter.admin.listing import require
from newsletter.admin.permissions import MAY_ACT

# The weight of a finding, as Wagtail's help blocks know them.
WEIGHTS = {"good": "success", "note": "info", "bad": "critical"}


def connection_view(request: HttpRequest) -> HttpResponse:
    """Show what a test of the connection finds (POST): it makes calls, so a link must not start it."""
    require(request, MAY_ACT)
    if request.method != "POST":
        return redirect("wagtailadmin_home")
    from newsletter.connect import test_connection

    findings = [(WEIGHTS.get(finding.level, "info"), finding.text) for finding in test_connection()]
    return TemplateResponse(request, "modeladmin/newsletter/connection.html", {"findings": findings})
