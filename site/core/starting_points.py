"""Beginning a page from a starting point, and saving a page as one."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from core.models import BasePage, StartingPoint
from core.write_menu import parents_for

CHANGE = "core.change_startingpoint"


class StartMenuItem(MenuItem):
    """The line in the menu "Write"."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(points_for(request.user))


def points_for(user: Any) -> list[StartingPoint]:
    """The starting points of pages that a person may add."""
    points = [point for point in StartingPoint.objects.all() if point.page_model]
    places = parents_for({point.page_model for point in points}, user)
    return [point for point in points if point.page_model in places]


class StartForm(forms.Form):
    """Which starting point, and what the page is called."""

    point = forms.ChoiceField(label="Begin from", widget=forms.RadioSelect)
    title = forms.CharField(
        max_length=255,
        label="Title of the new page",
        help_text="It can be changed later. For example: Food and Cornwall",
    )

    def __init__(self, points: list[StartingPoint], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(point.pk), ". ".join(filter(None, (point.name, point.description)))) for point in points]
        self.fields["point"].choices = choices


class SaveForm(forms.Form):
    """Under which name a page becomes a starting point."""

    replaced = forms.ModelChoiceField(
        StartingPoint.objects.none(), required=False, label="Replace", empty_label="None: make a new one"
    )
    name = forms.CharField(
        max_length=80, required=False, label="Or name of a new one", help_text="For example: An interview"
    )

    def __init__(self, page: Page, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["replaced"]
        field.queryset = StartingPoint.objects.filter(model=page._meta.label_lower)

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one of the two.

        Raises:
            ValidationError: both or none are given, or the name is taken.
        """
        data = super().clean() or {}
        name = data.get("name", "")
        if bool(name) == bool(data.get("replaced")):
            raise forms.ValidationError("Choose the one to replace, or name a new one: one of the two.")
        if name and StartingPoint.objects.filter(name__iexact=name).exists():
            raise forms.ValidationError(
                f"There is a template of the name “{name}”. Replace it, or choose another name."
            )
        return data


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Choose a starting point and give a title: a draft is made, and its form opened.

    Raises:
        PermissionDenied: the person may add pages of none of them.
    """
    points = points_for(request.user)
    if not points:
        raise PermissionDenied
    form = StartForm(points, request.POST or None, initial={"point": str(points[0].pk)})
    if form.is_valid():
        point = next(point for point in points if str(point.pk) == form.cleaned_data["point"])
        page = make_draft(point, form.cleaned_data["title"], request.user)
        return redirect("wagtailadmin_pages:edit", page.pk)
    told = {"form": form, "title": "Start from a template", "button": "Begin", "icon": "copy"}
    return render(request, "core/starting_points/form.html", told)


def make_draft(point: StartingPoint, title: str, user: Any) -> Page:
    """Add a draft with the content of a starting point, in the place that its type has."""
    parent = parents_for([point.page_model], user).get(point.page_model)
    if parent is None:
        raise PermissionDenied
    page = point.build(title)
    page.live, page.has_unpublished_changes, page.owner = False, True, user
    parent.add_child(instance=page)
    page.save_revision(user=user, log_action="wagtail.create", clean=False)
    return page


@require_http_methods(["GET", "POST"])
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what a page holds, also as a draft, as a starting point.

    Raises:
        PermissionDenied: the person may not change starting points, or not this page.
    """
    page = get_object_or_404(Page, pk=pk).specific
    if not may_save(page, request.user):
        raise PermissionDenied
    form = SaveForm(page, request.POST or None)
    if form.is_valid():
        point = form.cleaned_data["replaced"] or StartingPoint(name=form.cleaned_data["name"])
        point.take_from(page.get_latest_revision_as_object())
        point.save()
        messages.success(request, f"“{point.name}” is a template now. You can delete this page if it was for that.")
        return redirect("wagtailadmin_pages:edit", page.pk)
    kind = capfirst(page._meta.verbose_name)
    told = {"form": form, "title": "Save as template", "subtitle": f"{kind}: {page.title}", "button": "Save"}
    return render(request, "core/starting_points/form.html", told | {"icon": "copy"})


def may_save(page: Page, user: Any) -> bool:
    """Whether a person may keep a page as a starting point."""
    is_kind = isinstance(page, BasePage) and not type(page).max_count
    return is_kind and user.has_perm(CHANGE) and page.permissions_for_user(user).can_edit()


def addresses() -> list[URLPattern]:
    """Where in the admin these are."""
    return [
        path("starting-points/", start, name="starting-points"),
        path("starting-points/save/<int:pk>/", save, name="starting-points-save"),
    ]


def menu_item() -> StartMenuItem:
    """The line in the menu "Write", above the types of pages."""
    return StartMenuItem(
        "Start from a template", reverse("starting-points"), name="starting-points", icon_name="copy", order=5
    )
