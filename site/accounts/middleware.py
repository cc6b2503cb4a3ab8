"""Until the second factor is given, a request is nobody's."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts import second_factor


class SecondFactorMiddleware:
    """Take a person who has given only the password for a stranger, everywhere: admin, API, previews, private pages.

    The views that ask for the second factor find the person in `request.half_signed_in`. Stands after the middleware of
    django-otp, and like it looks at nothing unless a view asks: a public page reads no session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        signed_in = request.user
        request.half_signed_in = signed_in  # ty: ignore[missing-attribute]
        request.user = SimpleLazyObject(  # ty: ignore[invalid-assignment]
            lambda: AnonymousUser() if second_factor.is_missing(signed_in) else signed_in
        )
        return self.get_response(request)
