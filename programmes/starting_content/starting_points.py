"""What a new case story and a new programme begin with: headings, and what to write beneath them."""

from core.writing import Block, heading, prose, text


def part(title: str, words: str) -> list[Block]:
    """A part of a case story, whose sections have their headings from the page."""
    begun = heading(title)
    begun["value"]["level"] = "3"
    return [begun, text(words)]


STORY = {
    "challenge": [
        text("Sample text: what the place faced, told by what it meant for one person or one street."),
        *part("Why the usual ways did not help", "Sample text: what had been tried before, and where it got stuck."),
    ],
    "what_was_done": [
        *part("Who came together", "Sample text: who took part, who was missing at first, and who brought them in."),
        *part("What they tried", "Sample text: the steps in their order, also those that led nowhere."),
    ],
    "outcomes": [
        {
            "type": "sentence",
            "value": {"sentence": "Sample text: one thing that is different now.", "source": "", "date": ""},
        }
    ],
    "learned": [
        *part("What others can take from it", "Sample text: what you would tell a place that begins tomorrow."),
        *part("What did not work", "Sample text: what you would do differently."),
    ],
}

PROGRAMME_BODY = [
    heading("Why we run it"),
    text("Sample text: the question that the programme answers, and for whom."),
    heading("How it works"),
    text(
        """
        Sample text: what happens, in which order, and how much time it takes.

        - when people meet, and where
        - what they do between meetings
        - who supports them
        """
    ),
    heading("What people take away"),
    text("Sample text: what is different for them afterwards, with where that is written."),
]
HOW_TO_APPLY = prose("Sample text: what to send, to whom, until when, and what it costs.")
