"""The topics that people may choose on the form."""

from django.contrib.admin import display
from wagtail.admin.panels import FieldPanel
from wagtail_modeladmin.views import CreateView, DeleteView, EditView

from newsletter.admin.listing import CheckedAdmin, QuickIndexView
from newsletter.admin.permissions import TopicPermissionHelper
from newsletter.models import Interest, Subscriber


class TopicIndexView(QuickIndexView):
    """The listing of topics, as forms order them."""

    page_title = "Topics"


class TopicCreateView(CreateView):
    """A new topic."""

    page_title = "New topic"

    def get_page_subtitle(self) -> str:
        return ""


class TopicEditView(EditView):
    """A topic."""

    page_title = "Topic"


class TopicDeleteView(DeleteView):
    """Deleting a topic, which nobody can choose or have chosen afterwards."""

    page_title = "Delete topic"

    def confirmation_message(self) -> str:
        """Say how many people it would be taken from, and what to do instead."""
        chosen = Subscriber.interests.through._default_manager.filter(interest=self.instance).count()
        if not chosen:
            return "Nobody has chosen this topic. Delete it?"
        people = "1 person has" if chosen == 1 else f"{chosen} people have"
        return (
            f"{people} chosen this topic. Deleting it takes it from them here; their tag at Mailchimp stays. "
            "To stop offering it and keep what people chose, edit it and untick “Offered” instead."
        )


class TopicAdmin(CheckedAdmin):
    """Registers the topics in the admin."""

    model = Interest
    menu_label = "Topics"
    menu_icon = "tag"
    permission_helper_class = TopicPermissionHelper
    index_view_class = TopicIndexView
    create_view_class = TopicCreateView
    edit_view_class = TopicEditView
    delete_view_class = TopicDeleteView
    inspect_view_enabled = False
    list_display = ("label", "tag_at_mailchimp", "sort_order", "offered")
    panels = (FieldPanel("label"), FieldPanel("tag"), FieldPanel("sort_order"), FieldPanel("is_offered"))

    @display(description="tag at Mailchimp")
    def tag_at_mailchimp(self, topic: Interest) -> str:
        return topic.tag_name

    @display(description="offered")
    def offered(self, topic: Interest) -> str:
        return "Yes" if topic.is_offered else "No"
