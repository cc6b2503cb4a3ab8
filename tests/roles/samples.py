"""A site with one of everything that an address of the admin can name."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from wagtail.admin.models import EditingSession
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.search_promotions.models import Query
from wagtail.models import Collection, Site, Task, UploadedFile, Workflow

from accounts.roles import ROLES
from changemaking.models import ApproachGroup
from core.models import StartingPoint
from editorial.models import PageLink
from news.models import NewsCategory
from newsletter.models import ConsentWording, Interest, Reconciliation, WebhookEvent
from newsletter.models.consent import FALLBACK_WORDING
from newsletter.service import SignUp, sign_up
from programmes.models import Place, Theme
from recycle_bin.actions import put_in_bin
from tests import factories as make

ANONYMOUS, NO_RIGHTS, SUPERUSER = "anonymous", "no rights", "superuser"
# Everybody there is: strangers, an account in no group, one that may do nothing but open the admin, the roles.
PEOPLE = (ANONYMOUS, NO_RIGHTS, "admin only", *ROLES, SUPERUSER)


def make_people() -> dict[str, Client]:
    """A browser for each, logged in."""
    clients = {ANONYMOUS: Client()}
    for name in PEOPLE[1:]:
        user = get_user_model()._default_manager.create_user(name.replace(" ", "-"), is_superuser=name == SUPERUSER)
        user.groups.set(Group.objects.filter(name=name))
        if name == "admin only":
            user.user_permissions.add(Permission.objects.get(codename="access_admin"))
        clients[name] = Client()
        clients[name].force_login(user)
    for client in clients.values():
        client.raise_request_exception = False
    return clients


def make_pages(tree: Any) -> dict[str, Any]:
    """A published page with a draft, one that waits for approval, one that is scheduled, an alias, and a locked one."""
    author = get_user_model()._default_manager.create_user("author")
    page = make.StandardPageFactory(parent=tree.home)
    submitted, scheduled, locked = (make.NewsArticlePageFactory(parent=tree.news) for _ in range(3))
    first, second = page.save_revision(user=author), page.save_revision(user=author)
    second.publish()
    submitted.save_revision(user=author)
    state = Workflow.objects.get(name="Publication").start(submitted, author)
    scheduled.go_live_at = timezone.now() + timezone.timedelta(days=1)
    waiting = scheduled.save_revision(user=author)
    waiting.publish()
    locked.locked, locked.locked_by = True, author
    locked.save()
    return {
        "page": page,
        "first revision": first,
        "second revision": second,
        "submitted": submitted,
        "workflow state": state,
        "task state": state.current_task_state,
        "scheduled": scheduled,
        "scheduled revision": waiting,
        "alias": page.create_alias(parent=tree.about, update_slug="alias"),
        "locked": locked,
        "deleted": put_in_bin(make.StandardPageFactory(parent=tree.about), author),
        "section": tree.news,
        "destination": tree.about,
    }


def make_records(page: Any) -> dict[str, Any]:
    """One record of everything else, by the names of namespaces and models."""
    image, document = make.SiteImageFactory(), make.SiteDocumentFactory()
    superuser = get_user_model()._default_manager.get(is_superuser=True)
    place = Place.objects.create(name="Northshire", slug="northshire")
    return {
        "image": image,
        "document": document,
        "uploaded image": _upload(image, superuser),
        "uploaded document": _upload(document, superuser),
        "collection": Collection.get_first_root_node().add_child(name="Reports"),
        "approachgroup": ApproachGroup.objects.create(name="Working together", slug="working-together"),
        "newscategory": NewsCategory.objects.create(name="Interviews", slug="interviews"),
        "place": place,
        "theme": Theme.objects.create(name="Housing", slug="housing"),
        "startingpoint": StartingPoint.objects.create(name="A piece of news", model="news.newsarticlepage"),
        "redirect": Redirect.objects.create(old_path="/old", redirect_page=page),
        "query": Query.get("housing"),
        "site": Site.objects.get(is_default_site=True),
        "workflow": Workflow.objects.get(name="Publication"),
        "task": Task.objects.get(name="Approval by a publisher"),
        "group": Group.objects.create(name="Guests"),
        "user": get_user_model()._default_manager.create_user("somebody"),
        "editing session": EditingSession.objects.create(
            user=superuser, content_object=page, last_seen_at=timezone.now()
        ),
        "subscriber": sign_up(SignUp(email="ada@example.org", wording=FALLBACK_WORDING)),
        "consentwording": ConsentWording.objects.create(text="Draft"),
        "interest": Interest.objects.create(label="Systems change"),
        "webhookevent": WebhookEvent.objects.create(fingerprint="1", kind="unsubscribe", body="x=y"),
        "broken link": PageLink.objects.create(page=page, field="Body", leads_to="/old/", fault=PageLink.Fault.NOWHERE),
        "campaign": make.IssuePageFactory().campaign,
        "reconciliation": Reconciliation.objects.create(extent="full", finished_at=timezone.now()),
    }


def _upload(record: Any, user: Any) -> UploadedFile:
    return UploadedFile.objects.create(
        for_content_type=ContentType.objects.get_for_model(record),
        file=ContentFile(b"bytes", name="upload.bin"),
        uploaded_by_user=user,
    )
