"""The words of the document on the survey of 2016."""

TITLE = "Participant survey 2016"
FILE_NAME = "leadership-centre-participant-survey-2016.pdf"
SUMMARY = "What the survey of all current and past participants was. The full results are to be added here."

# (role in the document's structure, words)
PARAGRAPHS: list[tuple[str, str]] = [
    ("H1", TITLE),
    ("P", "Leadership Centre"),
    ("H2", "Who was asked"),
    (
        "P",
        "In 2016 the Leadership Centre surveyed all of its participants: those who were taking part in its work at the "
        "time, and those who had taken part before. They came from the public, the voluntary and the private sector.",
    ),
    ("H2", "What they said"),
    (
        "P",
        "The answers were overwhelmingly positive, both on the effect of the work and on progress.",
    ),
    ("H2", "About this document"),
    (
        "P",
        "Sample text. This page stands in for the full results, which the charity adds to its website: the questions, "
        "the number of people who answered, and what they answered. It gives no figures, because it has none to "
        "give that a reader could check.",
    ),
]
