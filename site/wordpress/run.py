"""Bringing over an export, from beginning to end.

The export is read twice, so that it need not fit into memory: once for what there is, once for the texts. Each item is
written in a transaction of its own and noted in the ledger, so that a run can be stopped anywhere and begun again.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Site

from core.models import SiteImage
from home.models import HomePage, StandardPage
from news.models import NewsIndexPage
from programmes.models import CaseStoriesPage
from wordpress import report
from wordpress.blocks import convert
from wordpress.export import Blog, Item, read_all
from wordpress.files import FileRefused, find_file, make_file
from wordpress.ledger import edit_of, once, source_of, target_of
from wordpress.models import ImportedItem
from wordpress.pages import add_shell, fill, find_category
from wordpress.plan import STORIES, Plan, categories, plan_for, slug_of
from wordpress.redirects import lead, lead_page, lead_sections
from wordpress.report import Line
from wordpress.targets import Target, Targets

# Told after each step: what is being done, how much of it is done, and how much there is.
Progress = Callable[[str, int, int], None]

TAKEN = "“{}” has its address here. It is a draft: merge the two, or delete one."


class SiteNotReady(Exception):
    """The site lacks the sections that pages go to. The message says what to do."""


@dataclass
class Options:
    """What the command was asked for.

    Attributes:
        exports: the files of one export.
        media: a copy of the folder wp-content/uploads.
        stories: slugs of categories, and types of posts, that are case stories.
        is_dry: write nothing.
    """

    exports: Sequence[Path]
    media: Path | None = None
    stories: Collection[str] = STORIES
    is_dry: bool = False


@dataclass
class Import:
    """One run.

    Attributes:
        lines: what became of each item, by its position in the file.
        is_stopped: set from outside to stop after the item at hand.
    """

    options: Options
    progress: Progress
    lines: dict[int, Line] = field(default_factory=dict)
    is_stopped: bool = False

    def run(self) -> None:
        """Bring over what is not here yet.

        Raises:
            ExportError: the file cannot be read to its end. Nothing was written then.
            SiteNotReady: the site has no home page, news or case stories.
        """
        self._find_sections()
        self._read_index()
        self._bring_files()
        self._add_shells()
        self._fill_pages()
        if not self.options.is_dry and any(line.outcome == report.NEW for line in self.lines.values()):
            lead_sections(self._targets, self._site, self._news, self._categories())

    # What there is

    def _find_sections(self) -> None:
        site = Site.objects.filter(is_default_site=True).first()
        home, news, stories = HomePage.objects.first(), NewsIndexPage.objects.first(), CaseStoriesPage.objects.first()
        if site is None or home is None or news is None or stories is None:
            raise SiteNotReady(
                "The site has no home page, news or case stories yet. Run `manage.py load_content` first."
            )
        self._site, self._home, self._news, self._stories = site, home, news, stories

    def _read_index(self) -> None:
        """Read the whole export once, and keep all of it but the texts."""
        blog = Blog()
        self._targets = Targets(blog)
        self._plans: dict[int, Plan] = {}
        self._positions: dict[int, int] = {}
        for item in read_all(self.options.exports, blog):
            plan = plan_for(item, blog, self.options.stories, self._positions)
            if plan.kind != "nothing":
                self._positions[item.number] = item.position
            line = Line(replace(item, content=""), plan.kind)
            if plan.reason:
                (line.to_do if plan.needs_person else line.changed).append(plan.reason)
            if plan.kind == "nothing":
                line.outcome = report.LEFT_OUT
            self.lines[item.position], self._plans[item.position] = line, plan
        for position in self._positions.values():
            self._targets.know(self.lines[position].item)
        self._known = {row.wordpress_id: row for row in ImportedItem.objects.filter(source=self._source)}
        for number in self._positions:
            if row := self._known.get(number):
                self._targets.became[number] = target_of(row)

    def _each(self, what: str, positions: Iterable[int]) -> Iterator[Line]:
        """The lines at some positions, while nobody stops the run."""
        positions = list(positions)
        for done, position in enumerate(positions, start=1):
            if self.is_stopped:
                return
            yield self.lines[position]
            self.progress(what, done, len(positions))

    def _of_kind(self, *kinds: str) -> list[int]:
        return [position for position, plan in self._plans.items() if plan.kind in kinds]

    def _attempt(self, line: Line, step: Callable[[Line], None]) -> None:
        """Do something with one item. One that fails is told of, and the others go on."""
        try:
            with transaction.atomic():
                step(line)
        except Exception as error:
            line.outcome = report.FAILED
            line.to_do.append(f"It could not be brought over ({type(error).__name__}: {error}).")

    # Files

    def _bring_files(self) -> None:
        for line in self._each("Files", self._of_kind("file")):
            if row := self._known.get(line.item.number):
                self._tell_of(line, row)
                continue
            try:
                made = make_file(line.item, find_file(line.item, self.options.media))
            except FileRefused as refused:
                line.outcome = report.LEFT_OUT
                line.to_do.append(str(refused))
                continue
            self._attempt(line, lambda line, made=made: self._keep_file(line, made))

    def _keep_file(self, line: Line, made: Any) -> None:
        kind = "picture" if isinstance(made, SiteImage) else "document"
        line.outcome = report.NEW
        if not self.options.is_dry:
            made.save()
            row = self._note(line, **{"image" if kind == "picture" else "document": made})
            row.finished_at = timezone.now()
            row.save()
            line.edit = edit_of(row)
            address = made.file.url if kind == "picture" else made.url
            if path := self._targets.old_path(line.item.attachment):
                lead(path, self._site, address=address)
        self._targets.became[line.item.number] = Target(kind, made.pk or 0)

    # Pages

    def _add_shells(self) -> None:
        """Put every page into the tree, those above before those beneath, and posts in the order of their dates."""
        articles = sorted(self._of_kind("news", "story"), key=lambda position: self.lines[position].item.date)
        pages = sorted(self._of_kind("page"), key=lambda position: len(self._above(self.lines[position].item)))
        for line in self._each("Pages", [*pages, *articles]):
            if line.item.number in self._known:
                continue
            if self.options.is_dry:
                self._targets.became[line.item.number] = Target("page")
            else:
                self._attempt(line, self._add_shell)

    def _above(self, item: Item) -> list[Item]:
        """The pages above one on the old site that come over, from the nearest. A circle ends where it closes."""
        found: list[Item] = []
        while (position := self._positions.get(item.parent)) is not None:
            item = self.lines[position].item
            if item in found or self._plans[position].kind != "page":
                break
            found.append(item)
        return found

    def _parent_of(self, line: Line) -> Page:
        if line.kind == "news":
            return self._news
        if line.kind == "story":
            return self._stories
        for item in self._above(line.item):
            target = self._targets.became.get(item.number)
            if target is not None and (page := StandardPage.objects.filter(pk=target.key).first()):
                here = self._page_with_address_of(page, item)  # beneath which it had its place
                return here if here is not None and here.specific_class is StandardPage else page
        if line.item.parent:
            line.to_do.append("The page above it on the old site has no place here, so it stands at the top.")
        return self._home

    def _add_shell(self, line: Line) -> None:
        parent = self._parent_of(line)
        parent.refresh_from_db()  # its count of children, which earlier additions changed
        page = add_shell(line.item, line.kind, parent)
        self._note(line, page=page)
        self._targets.became[line.item.number] = Target("page", page.pk)

    def _fill_pages(self) -> None:
        """Read the export again and give the pages their texts."""
        wanted = set(self._of_kind("news", "story", "page"))
        items = (item for item in read_all(self.options.exports, Blog()) if item.position in wanted)
        for line, item in zip(self._each("Texts", sorted(wanted)), items, strict=False):
            if line.outcome == report.FAILED:
                continue
            row = self._known.get(item.number)
            if row is not None and row.finished_at:
                self._tell_of(line, row)
            else:
                self._attempt(line, lambda line, item=item: self._fill(line, item))

    def _fill(self, line: Line, item: Item) -> None:
        plan = self._plans[item.position]
        if self.options.is_dry:
            self._rehearse(line, item, plan)
            return
        row = ImportedItem.objects.get(source=self._source, wordpress_id=item.number)
        page: Any = row.page.specific if row.page else None
        is_live = plan.is_live
        if page is None or page.latest_revision_id:
            line.to_do.append("Somebody changed or deleted it before its text had come over. It was left alone.")
        else:
            here = self._page_with_address_of(page, item)
            if here is not None:
                line.to_do.append(TAKEN.format(here.title))
            is_live = plan.is_live and here is None
            text = fill(page, item, is_live, self._targets)
            line.to_do += text.to_do
            line.changed += text.changed
            self._lead(line, item, page if is_live else here if here is not None and here.live else None)
        line.to_do = once([*row.to_do.split("\n"), *line.to_do])
        line.changed = once([*row.changed.split("\n"), *line.changed])
        row.to_do, row.changed, row.finished_at = "\n".join(line.to_do), "\n".join(line.changed), timezone.now()
        row.save()
        line.outcome, line.edit = report.NEW if is_live else report.DRAFT, edit_of(row)

    @staticmethod
    def _page_with_address_of(page: Page, item: Item) -> Page | None:
        """The page that was here before, if an item had to take another address because of it."""
        slug = slug_of(item)
        return None if page.slug == slug else page.get_siblings(inclusive=False).filter(slug=slug).first()

    def _lead(self, line: Line, item: Item, page: Page | None) -> None:
        """Let the old addresses of an item lead to a page that readers may see, if there is one."""
        if page is not None:
            long = lead_page(item, page, self._targets, self._site)
            line.to_do += [f"Its old address is too long for a redirect: {path}" for path in long]
        elif item.status == "publish" and (path := self._targets.old_path(item.link)):
            line.to_do.append(f"Its old address {path} leads nowhere yet: add a redirect under Settings.")

    def _rehearse(self, line: Line, item: Item, plan: Plan) -> None:
        """Say what would become of an item."""
        text = convert(item.content, item.title, item.number, self._targets)
        # What is beneath a page that has not come over yet takes nobody's address.
        is_beneath = line.kind == "page" and bool(item.parent)
        here = None if is_beneath else self._parent_of(line).get_children().filter(slug=slug_of(item)).first()
        line.to_do += [*([TAKEN.format(here.title)] if here else []), *text.to_do]
        line.changed += text.changed
        line.outcome = report.NEW if plan.is_live and here is None else report.DRAFT

    # The ledger

    @property
    def _source(self) -> str:
        return source_of(self._targets.blog)

    def _note(self, line: Line, **became: Any) -> ImportedItem:
        return ImportedItem.objects.create(
            source=self._source,
            wordpress_id=line.item.number,
            modified=line.item.modified,
            changed="\n".join(line.changed),
            to_do="\n".join(line.to_do),
            **became,
        )

    def _tell_of(self, line: Line, row: ImportedItem) -> None:
        """Repeat in the report what was said when an item came over."""
        line.outcome, line.edit = report.BEFORE, edit_of(row)
        line.to_do, line.changed = once(row.to_do.split("\n")), once(row.changed.split("\n"))
        if line.edit is None:
            line.changed.append("It has been deleted here since, and does not come again.")
        elif line.item.modified > row.modified:
            line.to_do.append("It was changed on the old site after it came over. What is here was left as it is.")

    def _categories(self) -> dict[str, str]:
        """The slugs of categories here by those they had there."""
        terms = [term for position in self._of_kind("news") for term in categories(self.lines[position].item)]
        return {term.slug: found.slug for term in dict.fromkeys(terms) if (found := find_category(term))}
