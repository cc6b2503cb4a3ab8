"""Two reports: links that readers do not get to, and pages that lack something or are due for review."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Case, CharField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.filters import ContentTypeFilter, WagtailFilterSet
from wagtail.admin.ui.tables import Column, NumberColumn, TitleColumn
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.contrib.settings.models import BaseSiteSetting
from wagtail.coreutils import get_content_type_label
from wagtail.models import get_page_content_types

from core.reports import WritersReport, may_write
from editorial.audit import site_settings
from editorial.models import PageAudit, PageLink


def edit_url(pk: int) -> str:
    """The address of a page's form."""
    return reverse("wagtailadmin_pages:edit", args=[pk])


def name_of(setting: type[BaseSiteSetting]) -> str:
    """What editors know a setting as, in the menu "Settings"."""
    return str(capfirst(setting._meta.verbose_name))


def place_url(link: PageLink) -> str:
    """The address of the form in which a link is mended."""
    return edit_url(link.page_id) if link.page_id else reverse("wagtailsettings:edit", args=link.setting.split("."))


class BrokenLinksFilterSet(WagtailFilterSet):
    """By what is wrong, by type of page; those that are ignored are shown when asked for."""

    fault = django_filters.MultipleChoiceFilter(
        label="What is wrong", choices=PageLink.Fault.choices, widget=forms.CheckboxSelectMultiple
    )
    type = ContentTypeFilter(
        label="Type of page",
        field_name="page__content_type",
        queryset=lambda request: get_page_content_types(include_base_page_type=False),
    )
    ignored = django_filters.ChoiceFilter(
        label="Ignored",
        choices=[("only", "Only ignored ones"), ("with", "Ignored ones too")],
        empty_label="Not ignored",
        method="with_ignored",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = PageLink
        fields: tuple[str, ...] = ()

    def with_ignored(self, links: QuerySet[PageLink], name: str, value: str) -> QuerySet[PageLink]:
        """The choice of `ignored`; without one the view leaves them out."""
        return links.filter(ignored_at__isnull=False) if value == "only" else links


class IgnoreColumn(Column):
    """The button that takes a link out of the report, or back into it."""

    cell_template_name = "editorial/ignore_cell.html"

    def get_cell_context_data(self, instance: PageLink, parent_context: Any) -> dict[str, Any]:
        """Add what the form needs."""
        context = super().get_cell_context_data(instance, parent_context)
        return context | {"link": instance, "csrf_token": get_token(parent_context["request"])}


class ReasonColumn(Column):
    """What is wrong, and since when an address elsewhere has been so."""

    cell_template_name = "editorial/reason_cell.html"


class OneOrderReport(WritersReport):
    """A report whose rows stand in one order always: databases put those that are alike as they like on each page."""

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        ordered = super().order_queryset(queryset)
        return ordered.order_by(*ordered.query.order_by, "pk")


class BrokenLinksReport(OneOrderReport):
    """Links on live pages and in settings that readers do not get to."""

    page_title = "Broken links"
    header_icon = "link"
    index_url_name = "broken-links"
    index_results_url_name = "broken-links-results"
    export_filename = "broken-links"
    filterset_class = BrokenLinksFilterSet
    is_searchable = True
    search_fields = ("place", "words", "leads_to")
    default_ordering = "place"
    no_results_message = "No broken links: every link that was looked at leads somewhere."
    columns = (
        TitleColumn("place", label="Page or setting", sort_key="place", get_url=place_url),
        Column("field", label="Field"),
        Column("words", label="Words of the link", sort_key="words"),
        Column("leads_to", label="Leads to", sort_key="leads_to", classname="editorial-address"),
        ReasonColumn("reason", label="What is wrong", sort_key="fault"),
        IgnoreColumn("ignored_at", label="Ignore"),
    )
    list_export = ("place", "address", "field", "words", "leads_to", "reason", "ignored_at")
    export_headings = {
        "place": "Page or setting",
        "address": "Address",
        "field": "Field",
        "words": "Words of the link",
        "leads_to": "Leads to",
        "reason": "What is wrong",
        "ignored_at": "Ignored since",
    }

    def get_base_queryset(self) -> QuerySet[PageLink]:
        """The broken links that the user may mend, each with the title of its page or the name of its setting."""
        names = [When(setting=model._meta.label_lower, then=Value(name_of(model))) for model in site_settings()]
        place = Coalesce("page__title", Case(*names, output_field=CharField()))
        return broken_links(self.request.user).select_related("page", "external").annotate(place=place)

    def filter_queryset(self, queryset: QuerySet[PageLink]) -> QuerySet[PageLink]:
        """Leave out what is ignored, unless it is asked for."""
        found = super().filter_queryset(queryset)
        return found if self.request.GET.get("ignored") in ("only", "with") else found.filter(ignored_at=None)

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        """The cells of a link."""
        item.address = (item.page.get_full_url(self.request) if item.page else None) or ""
        return super().to_row_dict(item)


def broken_links(user: Any) -> QuerySet[PageLink]:
    """The links on live pages and in settings, of those that the user may change, that readers do not get to.

    Ignored ones are among them.
    """
    settings = [
        model._meta.label_lower
        for model in site_settings()
        if model.get_permission_policy().user_has_permission(user, "change")
    ]
    may_mend = Q(may_write(user, "page__"), page__live=True) | Q(setting__in=settings)
    # A comparison by which the index of faults finds the few; `exclude(fault="")` would read all links.
    return PageLink.objects.filter(may_mend, fault__gt="")


@require_POST
def ignore(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a broken link out of the report, or put it back when it is out.

    Raises:
        Http404: there is no such link, or the user may not change its page or setting.
    """
    link = get_object_or_404(broken_links(request.user), pk=pk)
    is_ignored = request.POST.get("ignored") == "yes"
    link.ignored_at = timezone.now() if is_ignored else None
    link.ignored_by = request.user if is_ignored else None
    link.save(update_fields=["ignored_at", "ignored_by"])
    if is_ignored:
        messages.success(request, "The link is ignored until what it leads to changes. The filter “Ignored” shows it.")
    else:
        messages.success(request, "The link is in the report again.")
    return redirect(get_valid_next_url_from_request(request) or "broken-links")


LACKS = {
    "picture": ("No picture", Q(has_picture=False)),
    "description": ("No description", Q(has_description=False)),
    "words": ("Pictures without alt text", Q(pictures_without_words__gt=0)),
}


class CareFilterSet(WagtailFilterSet):
    """By what is lacking, by type of page."""

    lacks = django_filters.MultipleChoiceFilter(
        label="What it lacks",
        choices=[*((name, label) for name, (label, _) in LACKS.items()), ("review", "Its review is due")],
        method="of_those",
        widget=forms.CheckboxSelectMultiple,
    )
    type = ContentTypeFilter(
        label="Type of page",
        field_name="page__content_type",
        queryset=lambda request: get_page_content_types(include_base_page_type=False),
    )

    class Meta:
        model = PageAudit
        fields: tuple[str, ...] = ()

    def of_those(self, audits: QuerySet[PageAudit], name: str, chosen: list[str]) -> QuerySet[PageAudit]:
        """Pages with any of what was chosen."""
        wanted = Q(pk__in=[])
        for lack in chosen:
            wanted |= review_is_due() if lack == "review" else LACKS[lack][1]
        return audits.filter(wanted) if chosen else audits


class YesColumn(Column):
    """A word where something is lacking, and nothing where all is well."""

    def get_value(self, instance: PageAudit) -> str:
        """The word."""
        return "" if super().get_value(instance) else "Missing"


class DayColumn(Column):
    """A day, past or to come. Wagtail's own column knows only what has happened, and how long ago."""

    def get_value(self, instance: PageAudit) -> str:
        """The day in words."""
        return date_format(day, "j F Y") if (day := super().get_value(instance)) else ""


class CareReport(OneOrderReport):
    """Live pages without a picture or a description, with pictures without alt text, or due for review."""

    page_title = "Pages that need care"
    header_icon = "warning"
    index_url_name = "pages-that-need-care"
    index_results_url_name = "pages-that-need-care-results"
    export_filename = "pages-that-need-care"
    filterset_class = CareFilterSet
    is_searchable = True
    search_fields = ("page__title",)
    default_ordering = "page__title"
    no_results_message = "Every live page has what it needs, and no review is due."
    columns = (
        TitleColumn("page", label="Page", sort_key="page__title", get_url=lambda audit: edit_url(audit.pk)),
        Column("type", label="Type"),
        YesColumn("has_picture", label="Picture", sort_key="has_picture"),
        YesColumn("has_description", label="Description", sort_key="has_description"),
        NumberColumn("pictures_without_words", label="Without alt text", sort_key="pictures_without_words"),
        DayColumn("review_by", label="Review by", sort_key="review_by"),
    )
    list_export = (
        *("page", "address", "type", "has_picture", "has_description"),
        *("pictures_without_words", "review_by"),
    )
    export_headings = {
        "page": "Page",
        "address": "Address",
        "type": "Type",
        "has_picture": "Has a picture",
        "has_description": "Has a description",
        "pictures_without_words": "Pictures without alt text",
        "review_by": "Review by",
    }

    def get_base_queryset(self) -> QuerySet[PageAudit]:
        """The live pages that the user may write and that lack something."""
        lacking = LACKS["picture"][1] | LACKS["description"][1] | LACKS["words"][1] | review_is_due()
        may = may_write(self.request.user, "page__")
        return PageAudit.objects.filter(lacking, may, page__live=True).select_related("page__content_type")

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        """Add what people call the type of each page."""
        audits = list(object_list)
        for audit in audits:
            audit.type = get_content_type_label(audit.page.content_type)
        return audits

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        """The cells of a page."""
        item.address = item.page.get_full_url(self.request) or ""
        return super().to_row_dict(item)


def review_is_due() -> Q:
    """The condition that the day by which somebody should have looked at a page has passed, in London."""
    return Q(review_by__lt=timezone.localdate())
