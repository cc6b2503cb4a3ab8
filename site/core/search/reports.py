"""Two reports for those who edit pages: what people searched for, and which searches found nothing."""

from typing import Self

from django.db.models import F, Max, QuerySet, Sum
from django.urls import reverse_lazy
from django_filters import DateFromToRangeFilter
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn
from wagtail.contrib.search_promotions.models import Query

from core.reports import WritersMenuItem, WritersReport


class SearchesFilterSet(WagtailFilterSet):
    """By the days on which they were searched for."""

    day = DateFromToRangeFilter(label="Searched for", field_name="daily_hits__date", widget=DateRangePickerWidget)

    class Meta:
        model = Query
        fields: tuple[str, ...] = ()


class SearchesReport(WritersReport):
    """What people searched for, how often, and how much they found when it was last searched for."""

    page_title = "What people searched for"
    header_icon = "search"
    index_url_name = "searches_report"
    index_results_url_name = "searches_report_results"
    filterset_class = SearchesFilterSet
    is_searchable = True
    search_fields = ("query_string",)
    default_ordering = "-times"
    columns = (
        Column("query_string", label="Words", sort_key="query_string"),
        NumberColumn("times", label="Times", sort_key="times"),
        DateColumn("last_day", label="Last on", sort_key="last_day", width="15%"),
        NumberColumn("found", label="Found", sort_key="found"),
    )
    list_export = ("query_string", "times", "last_day", "found")
    export_headings = {"query_string": "Words", "times": "Times", "last_day": "Last on", "found": "Found"}

    def get_base_queryset(self) -> QuerySet[Query]:
        """Each search that was counted."""
        return Query.objects.all()

    def filter_queryset(self, queryset: QuerySet[Query]) -> QuerySet[Query]:
        """Narrow first and sum then, so that the numbers are those of the chosen days."""
        sums = {"times": Sum("daily_hits__hits"), "last_day": Max("daily_hits__date")}
        counted = super().filter_queryset(queryset).annotate(**sums, found=F("outcome__results"))
        return super().order_queryset(counted.filter(times__gt=0))

    def order_queryset(self, queryset: QuerySet[Query]) -> QuerySet[Query]:
        """Not before there are sums to order by."""
        return queryset


class NothingFoundReport(SearchesReport):
    """Searches that found nothing when they were last tried: pages to write, or words to promote a page for."""

    page_title = "Searches that found nothing"
    index_url_name = "nothing_found_report"
    index_results_url_name = "nothing_found_report_results"
    columns = SearchesReport.columns[:3]
    list_export = SearchesReport.list_export[:3]

    def get_base_queryset(self) -> QuerySet[Query]:
        """Only those with an outcome of nought."""
        return super().get_base_queryset().filter(outcome__results=0)


class ReportMenuItem(WritersMenuItem):
    """The line of one of these reports in the menu."""

    @classmethod
    def of(cls, report: type[SearchesReport], order: int) -> Self:
        """The menu item of a report."""
        return cls(report.page_title, reverse_lazy(report.index_url_name), icon_name="search", order=order)
