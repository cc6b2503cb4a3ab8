"""The form that puts a page back."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page

from core.addresses import TAKEN, answers_itself
from core.deleted import is_in_bin
from recycle_bin.models import DeletedPage
from recycle_bin.rights import may_put_beneath


class RestoreForm(forms.Form):
    """Where a page goes back to: at first its old place and address."""

    parent = forms.ModelChoiceField(
        queryset=Page.objects.filter(depth__gt=1),
        label="Beneath",
        error_messages={"required": "Choose the page that it should stand beneath."},
    )
    slug = forms.SlugField(
        label="Address",
        allow_unicode=True,
        validators=[MaxLengthValidator(255)],
        help_text="The last part of the page's address, for example food-and-cornwall.",
    )

    def __init__(self, *args: Any, deleted: DeletedPage, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.deleted, self.user = deleted, user
        self.page = deleted.page.specific_deferred
        self.fields["parent"].widget = AdminPageChooser(target_models=self.page.allowed_parent_page_models())
        old_place = deleted.parent if deleted.parent and not is_in_bin(deleted.parent) else None
        self.initial = {"parent": old_place, "slug": deleted.slug} | self.initial

    def clean_parent(self) -> Page:
        """The page to stand beneath.

        Raises:
            ValidationError: it is in the bin, is no place for pages of this type, or is not the user's.
        """
        parent = self.cleaned_data["parent"]
        name = parent.get_admin_display_title()
        if is_in_bin(parent):
            raise ValidationError(f"“{name}” is in the bin too. Restore it first, or choose another page.")
        if not self.page.can_move_to(parent):
            kind = self.page.get_verbose_name().lower()
            raise ValidationError(f"A page of the kind “{kind}” cannot stand beneath “{name}”. Choose another page.")
        if not may_put_beneath(self.user, parent):
            raise ValidationError(f"You may not add pages beneath “{name}”. Choose another page, or ask a publisher.")
        return parent

    def clean(self) -> dict[str, Any]:
        """See that the address is free.

        Raises:
            ValidationError: it is not.
        """
        parent, slug = self.cleaned_data.get("parent"), self.cleaned_data.get("slug")
        if parent and slug:
            other = parent.get_children().filter(slug=slug).first()
            if other:
                raise ValidationError(
                    {"slug": f"“{other.get_admin_display_title()}” has this address now. Choose another one."}
                )
            if answers_itself(parent, [slug]):
                raise ValidationError({"slug": TAKEN})
        return self.cleaned_data
