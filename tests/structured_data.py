"""What the JSON-LD of a page must be: JSON Schemas of the kinds of schema.org that the site uses.

Each names every property it may have (schema.org's vocabulary) and those that it must have. Sources of the latter:
Google Search Central, "Structured data that Google Search supports"; for kinds that are not there, what makes sense.
"""

from typing import Any

from jsonschema import Draft202012Validator

ADDRESS = {"type": "string", "format": "uri", "pattern": "^https?://[^/]+/"}
WORDS = {"type": "string", "minLength": 1}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}
DAY = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d\d-\d\d$"}
LANGUAGE = {"const": "en-GB"}


def kind(name: str, must: str = "", /, **properties: Any) -> dict[str, Any]:
    """The schema of an object of one kind: `must` names its required properties."""
    return {
        "type": "object",
        "properties": {"@type": {"const": name}} | properties,
        "required": ["@type", *must.split()],
        "additionalProperties": False,
    }


def listed(item: dict[str, Any], least: int = 1) -> dict[str, Any]:
    return {"type": "array", "items": item, "minItems": least}


US = kind("NGO", "@id name url", **{"@id": ADDRESS}, name=WORDS, url=ADDRESS)
PERSON = kind("Person", "name", name=WORDS, url=ADDRESS)
ARTICLE: dict[str, Any] = {
    "headline": WORDS,
    "description": WORDS,
    "image": ADDRESS,
    "datePublished": MOMENT,
    "dateModified": MOMENT,
    "inLanguage": LANGUAGE,
    "mainEntityOfPage": ADDRESS,
    "author": {"anyOf": [PERSON, US]},
    "publisher": US,
}
MUST_OF_ARTICLE = "headline image datePublished dateModified mainEntityOfPage author publisher"
PLACE = kind("Place", "name address", name=WORDS, address=WORDS)
INSTANCE = kind("CourseInstance", "name startDate endDate", name=WORDS, startDate=DAY, endDate=DAY, location=PLACE)
ENTRY_POINT = kind(
    "EntryPoint", "urlTemplate", urlTemplate={"type": "string", "pattern": r"^https?://[^/]+/.*\{search_term_string\}"}
)
SEARCH = kind(
    "SearchAction",
    "target query-input",
    **{"target": ENTRY_POINT, "query-input": {"const": "required name=search_term_string"}},
)
QUESTION = kind("Question", "name acceptedAnswer", name=WORDS, acceptedAnswer=kind("Answer", "text", text=WORDS))
CRUMB = kind("ListItem", "position name item", position={"type": "integer", "minimum": 1}, name=WORDS, item=ADDRESS)

# Those that stand by themselves in a page.
SCHEMAS = {
    "BreadcrumbList": kind("BreadcrumbList", "itemListElement", itemListElement=listed(CRUMB)),
    "NGO": kind(
        "NGO",
        "@id name url logo",
        **{"@id": ADDRESS},
        name=WORDS,
        url=ADDRESS,
        logo=ADDRESS,
        foundingDate={"const": "2004"},
        email=WORDS,
        telephone=WORDS,
        address=WORDS,
        sameAs=listed(ADDRESS),
    ),
    "WebSite": kind(
        "WebSite",
        "name url potentialAction",
        name=WORDS,
        url=ADDRESS,
        inLanguage=LANGUAGE,
        publisher=US,
        potentialAction=SEARCH,
    ),
    "Article": kind("Article", MUST_OF_ARTICLE, **ARTICLE, keywords=listed(WORDS)),
    "WebPage": kind("WebPage", MUST_OF_ARTICLE, **ARTICLE),
    "NewsArticle": kind("NewsArticle", MUST_OF_ARTICLE, **ARTICLE, articleSection=WORDS, keywords=listed(WORDS)),
    "Course": kind(
        "Course",
        "name description provider url image",
        name=WORDS,
        description=WORDS,
        url=ADDRESS,
        image=ADDRESS,
        inLanguage=LANGUAGE,
        provider=US,
        audience=kind("Audience", "audienceType", audienceType=WORDS),
        hasCourseInstance=listed(INSTANCE),
    ),
    "Person": kind(
        "Person",
        "name url worksFor",
        name=WORDS,
        jobTitle=WORDS,
        description=WORDS,
        url=ADDRESS,
        image=ADDRESS,
        worksFor=US,
    ),
    "FAQPage": kind("FAQPage", "mainEntity", mainEntity=listed(QUESTION)),
}


def faults(item: dict[str, Any]) -> list[str]:
    """What is wrong with an object that stands by itself; an empty list when nothing is."""
    schema = SCHEMAS.get(str(item.get("@type")))
    if schema is None:
        return [f"no schema for {item.get('@type')!r}"]
    whole = schema | {
        "properties": {"@context": {"const": "https://schema.org"}} | schema["properties"],
        "required": ["@context", *schema["required"]],
    }
    validator = Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [f"{item['@type']}{error.json_path[1:]}: {error.message}" for error in validator.iter_errors(item)]
