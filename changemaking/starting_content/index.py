"""The words at the head of The Art of Change Making."""

TITLE = "The Art of Change Making"
SLUG = "art-of-change-making"

INTRODUCTION = (
    "Enablers draw on many tools, approaches and skills. The Art of Change Making gathers them in a book and, on this "
    "website, shows how they connect and how one can complement another."
)

SEARCH_DESCRIPTION = (
    "The tools, approaches and skills that enablers use in places and with leaders, how they connect, and how they "
    "complement each other."
)

BODY = (
    "Enablers are experienced practitioners who work alongside the people of a place on issues that no single "
    "organisation can settle. They seldom rely on one method. They read the situation, choose what fits, and join "
    "one approach to another as the work goes on.",
    "The book came first. Two years of work on an interactive website followed, to show what is hard to show on "
    "paper: how one approach builds on another, supports it, contrasts with it or offers an alternative to it.",
    "The approaches stand here in five groups. Each has a page of its own that says what it is, when to use it, how "
    "enablers use it with a group or a place, and where it comes from. Each connection is told in a sentence, which "
    "you will find at both of the approaches it joins.",
    "There is no order to follow, and no approach that suits every place. Begin with the question in front of you, "
    "and let the connections take you on. These pages are short introductions in our own words; the works named "
    "under each approach will take you further.",
)
