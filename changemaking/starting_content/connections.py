"""How the approaches of the starting content relate. Each connection is stated once and shown from both ends."""

from changemaking.connections import Kind
from changemaking.starting_content.outline import Connection

CONNECTIONS: tuple[Connection, ...] = (
    Connection(
        "Adaptive leadership",
        Kind.BUILDS_ON,
        "Wicked problems",
        "Wicked problems show why some questions have no expert answer; adaptive leadership starts from there and "
        "asks the people concerned to change.",
    ),
    Connection(
        "Adaptive leadership",
        Kind.BUILDS_ON,
        "Living systems",
        "Living systems cannot be ordered to change, only helped to adapt, and adaptive leadership makes that help "
        "its work.",
    ),
    Connection(
        "Clumsy solutions",
        Kind.ANSWERS,
        "Wicked problems",
        "Wicked problems defeat elegant answers, so clumsy solutions piece several views together into something "
        "that can be tried.",
    ),
    Connection(
        "Cynefin",
        Kind.COMPLEMENTS,
        "Wicked problems",
        "Cynefin sorts situations and wicked problems sort the questions within them; with both, a group can see "
        "which parts to plan and which to explore.",
    ),
    Connection(
        "Theory U",
        Kind.PAIRS_WITH,
        "Dialogue",
        "Theory U asks for deep listening on the way down the U, and dialogue is where a group learns to do it.",
    ),
    Connection(
        "Dialogue",
        Kind.PAIRS_WITH,
        "Four-player model",
        "Dialogue says what thinking together asks of us, and the four-player model shows who is doing what as we try.",
    ),
    Connection(
        "World Café",
        Kind.ALTERNATIVE_TO,
        "Open Space",
        "World Café takes one question to many tables; Open Space lets the people who come set the questions "
        "themselves.",
    ),
    Connection(
        "World Café",
        Kind.ALTERNATIVE_TO,
        "Future Search",
        "World Café can open up a question in an afternoon; Future Search takes some days, and a chosen "
        "cross-section of people, to arrive at shared plans.",
    ),
    Connection(
        "Open Space",
        Kind.ALTERNATIVE_TO,
        "Future Search",
        "Open Space begins with an empty timetable; Future Search leads people step by step through past, present "
        "and future.",
    ),
    Connection(
        "World Café",
        Kind.USES,
        "Dialogue",
        "World Café brings the habits of dialogue, listening above all, to many small tables at once.",
    ),
    Connection(
        "Open Space",
        Kind.USES,
        "Dialogue",
        "Open Space leaves people free to choose their conversations, and dialogue helps them make each one worth "
        "choosing.",
    ),
    Connection(
        "Future Search",
        Kind.USES,
        "Dialogue",
        "Future Search looks for common ground among people who differ, and dialogue lets them hear those "
        "differences without a fight.",
    ),
    Connection(
        "Public narrative",
        Kind.PAIRS_WITH,
        "Learning history",
        "Public narrative calls people to act, and a learning history gathers what they found out when they did.",
    ),
    Connection(
        "Learning history",
        Kind.DRAWS_ON,
        "Ethnography",
        "From ethnography a learning history takes the habit of staying close to people’s own words and to what "
        "events mean to them.",
    ),
    Connection(
        "Ladder of inference",
        Kind.SUPPORTS,
        "Dialogue",
        "The ladder of inference helps people to see how they came by their certainties, which makes it easier to "
        "suspend them in dialogue.",
    ),
    Connection(
        "Ladder of inference",
        Kind.SUPPORTS,
        "Action learning",
        "In action learning, the ladder of inference gives a set a way to ask about the facts and assumptions "
        "beneath a problem.",
    ),
    Connection(
        "Ladder of inference",
        Kind.SUPPORTS,
        "Immunity to change",
        "The ladder of inference traces how a belief was formed, which helps with the big assumptions that "
        "immunity to change brings to light.",
    ),
    Connection(
        "Immunity to change",
        Kind.DEEPENS,
        "Adaptive leadership",
        "Adaptive leadership asks people to change themselves, and immunity to change shows each of them what "
        "holds that change back.",
    ),
    Connection(
        "Appreciative inquiry",
        Kind.USED_WITH,
        "Future Search",
        "Appreciative inquiry collects stories of a place at its best, and Future Search can build its picture of "
        "the future on them.",
    ),
    Connection(
        "Coaching",
        Kind.USED_WITH,
        "Inner game",
        "Coaching gives a person room to think, and the inner game helps to quieten the voice that gets in the way.",
    ),
    Connection(
        "Coaching",
        Kind.USED_WITH,
        "Action learning",
        "Coaching and action learning both help by asking: one in a conversation between two, the other in a small "
        "group of peers.",
    ),
    Connection(
        "Ecology of mind",
        Kind.UNDERLIES,
        "Living systems",
        "Living systems looks to relationships more than to parts, a habit of thought that ecology of mind set "
        "out before it.",
    ),
    Connection(
        "Autopoiesis",
        Kind.UNDERLIES,
        "Living systems",
        "Autopoiesis describes how a living thing makes and keeps itself, and living systems carries the thought "
        "over to organisations and communities.",
    ),
    Connection(
        "Understanding networks",
        Kind.COMPLEMENTS,
        "Living systems",
        "Living systems says that relationships hold a place together, and understanding networks lets people see "
        "those relationships drawn.",
    ),
    Connection(
        "Nudge",
        Kind.CONTRASTS_WITH,
        "Adaptive leadership",
        "A nudge changes the setting and leaves people as they are; adaptive leadership asks people to take up "
        "the change themselves.",
    ),
)
