"""The five beliefs."""

# (heading, statement, because, keys of the stories that show it)
BELIEFS: list[tuple[str, str, str, list[str]]] = [
    (
        "It’s all about ‘place’",
        "Every place differs, in its history, its people and its politics. So every intervention is bespoke: made "
        "for one place, together with those who live and work there.",
        "what worked in one town can fail in the next, and nobody knows a place better than the people who belong "
        "to it.",
        ["programmes.story.food-and-cornwall"],
    ),
    (
        "Politics matters",
        "Public services sit inside a political system, local and national. We work with that system, and with the "
        "people who are elected to lead in it.",
        "a change that ignores politics can be undone by the next budget or the next election, and it has no "
        "mandate from the people it is meant for.",
        ["programmes.story.gloucestershire"],
    ),
    (
        "Leading is about relational skills",
        "Today’s problems are multifaceted. They need many stakeholders and many solutions, and so they need leaders "
        "who can listen, build trust and bring people together who would rather stay apart.",
        "nobody can give orders to a whole system. What moves it is the relationships between the people in it.",
        ["programmes.story.alcohol-strategy"],
    ),
    (
        "The citizen is central",
        "Engaging people has never been harder, and it has never mattered more. We ask of every piece of work what "
        "it does for citizens, and what say they had in it.",
        "better communities and more meaningful lives cannot be delivered to people. They are made with them.",
        ["programmes.story.alcohol-strategy", "programmes.story.food-and-cornwall"],
    ),
    (
        "Theory and practice feed each other",
        "Ideas prove themselves in real places, and experience travels further when somebody makes sense of it. We "
        "blend the two constantly, try, learn and try again.",
        "a theory that is never tried hardens into dogma, and practice that nobody thinks about repeats its mistakes.",
        ["programmes.story.cohort-alumni"],
    ),
]
