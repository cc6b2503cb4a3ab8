"""What the factories share: their registry, and declarations for what a full page holds."""

from typing import Any

import factory
from wagtail.models import Page

from home.models import HomePage
from tests.block_values import fill

# The factory of each model, by model. Filled as factories are declared.
FACTORIES: dict[Any, Any] = {}


def existing(model: type) -> Any:
    """The first record of a model, made now if there is none. Of pages in general it is the home page."""
    if model is Page:
        return HomePage.objects.get()
    return model._default_manager.first() or FACTORIES[model]()


def every_block(model: type, field: str) -> Any:
    """A declaration for a StreamField: one of each of its blocks, filled."""
    block = model._meta.get_field(field).stream_block
    return factory.LazyFunction(lambda: block.to_python(fill(block, lambda target: existing(target).pk)))


def one(model: type) -> Any:
    """A declaration for a foreign key: an existing record."""
    return factory.LazyFunction(lambda: existing(model))


def related(model: type, relation: str, **fields: Any) -> Any:
    """A declaration that, on a full page, adds one child record with the given fields.

    The values may be models, which stand for an existing record of theirs.
    """

    def add(page: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        if not create or not page.made_full:
            return
        values = {name: existing(value) if isinstance(value, type) else value for name, value in fields.items()}
        getattr(page, relation).add(model(**values))
        page.save()

    return factory.PostGeneration(add)


def fill_in(page: Any) -> Any:
    """Fill every field of a page that exists, such as a section that there is only one of, and save it."""
    made = FACTORIES[type(page)]
    filled = made.build(full=True)
    page.refresh_from_db()  # the count of its children, which Wagtail relies on
    for name in made._meta.parameters["full"].overrides.keys() - {"made_full"}:
        setattr(page, name, getattr(filled, name))
    page.save()
    return page


def register(made: Any) -> Any:
    """A class decorator: note the factory under its model."""
    FACTORIES[made._meta.model] = made
    return made
