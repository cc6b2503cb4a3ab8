"""What the newsletter's lists share: they stay fast with a million rows, and keep to their own filters."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.core.paginator import InvalidPage
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, re_path
from django.utils import timezone
from django.utils.formats import date_format
from wagtail_modeladmin.helpers import ButtonHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import IndexView, WMABaseView

from core.pagination import KeysFirstPaginator

# Nobody leafs further: the filters, the search and the export are there for that, and a page far behind is slow.
MOST_PAGES = 1000


# How times are shown: "22 Nov 2026, 00:45".
TIME_FORMAT = "j M Y, H:i"


class QuickPaginator(KeysFirstPaginator):
    """Ends where nobody leafs any more."""

    num_page_buttons = 8

    @cached_property
    def num_pages(self) -> int:
        return min(super().num_pages, MOST_PAGES)

    @cached_property
    def items_count_label(self) -> str:
        return f"{intcomma(self.count)} {self.verbose_name if self.count == 1 else self.verbose_name_plural}"


class QuickIndexView(IndexView):
    """A listing without query arguments of its own, without modeladmin's export, and with one count."""

    FORMATS = ()
    paginator_class = QuickPaginator
    # What may be sorted by: each has an index.
    sortable_by: Sequence[str] = ()

    def get_filters_params(self, params: Any = None) -> dict[str, list[str]]:
        """No arguments but those of the listed filters: others would let people ask what other tables hold."""
        known = {spec.parameter_name for spec in self.list_filter}
        return {name: value for name, value in super().get_filters_params(params).items() if name in known}

    def get_ordering_field(self, field_name: Any) -> str | None:
        """The field that a column is sorted by; None when it is not to be sorted by."""
        return super().get_ordering_field(field_name) if field_name in self.sortable_by else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """As modeladmin's, with one count in place of three."""
        paginator = self.paginator_class(self.queryset, self.items_per_page)
        try:
            page = paginator.page(self.page_num)
        except InvalidPage:
            page = paginator.page(1)
        context = {
            "all_count": paginator.count,
            "result_count": paginator.count,
            "paginator": paginator,
            "page_obj": page,
            "elided_page_range": paginator.get_elided_page_range(page.number),
            "object_list": page.object_list,
            "user_can_create": self.permission_helper.user_can_create(self.request.user),
            "show_search": False,
        }
        return WMABaseView.get_context_data(self, **context | kwargs)


def require(request: HttpRequest, permission: str) -> None:
    """Go on only with a permission.

    Raises:
        PermissionDenied: the user does not have it.
    """
    if not request.user.has_perm(permission):
        raise PermissionDenied


def in_words(moment: datetime | None) -> str:
    """A time as the lists show it; empty when there is none."""
    return date_format(timezone.localtime(moment), TIME_FORMAT) if moment else ""


class LinkButtonHelper(ButtonHelper):
    """The first column is the link to the record; rows have no buttons besides."""

    def get_buttons_for_obj(self, obj: Any, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
        return []

    def get_primary_button(self, obj: Any) -> dict[str, Any]:
        return self.inspect_button(obj.pk) | {"title": ""}


class CheckedAdmin(ModelAdmin):
    """A model in the admin whose addresses hold a number or nothing."""

    history_view_enabled = False
    inspect_view_enabled = True
    index_view_class = QuickIndexView
    index_view_extra_css = ["newsletter/admin.css"]
    inspect_view_extra_css = ["newsletter/admin.css"]
    list_per_page = 50

    def pk_for(self, request: HttpRequest, instance_pk: str) -> str:
        """The key out of an address, for those who may see the list: others do not learn which numbers there are.

        Raises:
            PermissionDenied: the user may not see the list.
            Http404: it is no number, or longer than any.
        """
        if not self.permission_helper.user_can_list(request.user):
            raise PermissionDenied
        if not (instance_pk.isascii() and instance_pk.isdecimal() and len(instance_pk) <= 18):
            raise Http404
        return instance_pk

    def inspect_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        return super().inspect_view(request, self.pk_for(request, instance_pk))

    def edit_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        return super().edit_view(request, self.pk_for(request, instance_pk))

    def delete_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        return super().delete_view(request, self.pk_for(request, instance_pk))

    def register_admin_url_finders(self) -> None:
        """Nothing to find: nothing refers to these records."""

    def url_of_one(self, action: str, view: Callable[..., HttpResponse]) -> URLPattern:
        """The address of something done with one record."""
        return re_path(
            self.url_helper.get_action_url_pattern(action), view, name=self.url_helper.get_action_url_name(action)
        )

    def url_of_all(self, action: str, view: Callable[..., HttpResponse]) -> URLPattern:
        """The address of something done with the records together."""
        path = f"^{self.url_helper.base_url_path}/{action}/$"
        return re_path(path, view, name=self.url_helper.get_action_url_name(action))


class ReadOnlyAdmin(CheckedAdmin):
    """Records that are only looked at."""

    button_helper_class = LinkButtonHelper
    panels = ()

    def get_admin_urls_for_registration(self) -> tuple[Any, ...]:
        """The listing and one record; nothing that writes by hand."""
        return tuple(
            self.url_of_one(action, view)
            for action, view in (("index", self.index_view), ("inspect", self.inspect_view))
        )
