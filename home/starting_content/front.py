"""The words of the home page, of People, and of the menu and footer."""

from core.writing import Block, heading, key_figures, text

DESCRIPTION = (
    "The Leadership Centre is a UK charity that develops public-service leaders, for large and lasting change that "
    "citizens can feel."
)

HERO_HEADING = "Large and lasting change in public services"
INTRODUCTION = (
    "We are a charity that develops the people who lead public services. We work beside them, in their own places, on "
    "the problems that no organisation can solve alone. The benefit we look for is the citizen’s."
)
CHANGE_MAKING_TEXT = (
    "The tools, approaches and skills that our enablers use, and how they connect. Begin with one you know and follow "
    "it to one you do not."
)

BODY: list[Block] = [
    heading("What we do"),
    text(
        """
        <b>We work with places.</b> A place takes on an issue that runs through many services at once, such as food
        poverty, female genital mutilation, alcohol or obesity. We shape the work with the people there, and
        experienced practitioners, whom we call enablers, support them.

        <b>We bring leaders together.</b> Our cohort programmes gather leaders of one profession or of several
        sectors. They learn from each other, and they help to design what they learn.

        <b>We work across the country.</b> Together with national government we take part in countrywide
        initiatives, such as Total Place.
        """
    ),
    key_figures(
        ("20 to 25", "senior leaders in Future Vision each year"),
        ("About 50", "places in Local Vision"),
        ("Over 80", "areas that took up Total Place after its 13 pilots"),
    ),
]

PEOPLE_INTRODUCTION = (
    "Our work is done by a core team and by enablers: experienced practitioners who support leaders in the places "
    "where they lead."
)
PEOPLE = """
    The <b>core team</b> curates our work. It listens to a place or a group of leaders, finds out with them what is
    needed, and brings in the right people.

    The <b>enablers</b> are experienced practitioners. They support places on the issue that the place has chosen,
    with the tools, approaches and skills that are gathered in The Art of Change Making. Some of this work is part of
    the Systems Leadership Alliance.

    Team and enablers share a way of working. They are candid, they are on the side of public service, and they will
    tell you what they see even when it is not what you hoped to hear.

    <b>Sample text:</b> the charity adds the people themselves here, each with a name, a role, a few words and, if
    they like, a picture.
    """

# Keys of the pages in the menu and in the columns of the footer.
MENU = [
    "home.beliefs",
    "home.approach",
    "programmes.index",
    "programmes.stories",
    "changemaking.index",
    "news.index",
]
FOOTER = [
    ("About us", ["home.about", "home.beliefs", "home.approach", "home.people", "home.contact"]),
    ("Our work", ["programmes.index", "programmes.stories", "changemaking.index", "news.index"]),
    ("This website", ["newsletter.page.newsletter", "home.privacy", "home.accessibility"]),
]
