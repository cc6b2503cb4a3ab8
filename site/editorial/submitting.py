"""The button by which editors hand a page to a publisher."""

from typing import Any

from wagtail.admin.action_menu import ActionMenuItem, SubmitForModerationMenuItem


class SubmitMenuItem(SubmitForModerationMenuItem):
    """Wagtail's own names the workflow, as in "Submit to Publication". The first page says "for your approval"."""

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        page = context.get("page")
        was_sent_back = page is not None and page.current_workflow_state is not None
        return context | {"label": "Submit again for approval" if was_sent_back else "Submit for approval"}


def say_what_submitting_is(items: list[ActionMenuItem]) -> None:
    """Put our words in the place of Wagtail's, in the menu at the foot of a form."""
    for position, item in enumerate(items):
        if type(item) is SubmitForModerationMenuItem:
            items[position] = SubmitMenuItem(item.order)
