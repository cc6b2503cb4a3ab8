"""What the worker does for accounts."""

from urllib.parse import urlsplit

from django.conf import settings
from django_tasks import task
from wagtail.admin.forms.auth import PasswordResetForm
from wagtail.admin.views.account import PasswordResetView


@task(backend="background", queue_name="background")
def send_password_reset(email: str) -> None:
    """Send the link for a new password, if the address is somebody's.

    Not in the request, which would take longer for an address that somebody has than for another.
    """
    form = PasswordResetForm({"email": email})
    if form.is_valid():
        form.save(
            domain_override=urlsplit(settings.SITE_URL).netloc,
            use_https=settings.SITE_IS_HTTPS,
            subject_template_name=PasswordResetView.subject_template_name,
            email_template_name=PasswordResetView.email_template_name,
        )
