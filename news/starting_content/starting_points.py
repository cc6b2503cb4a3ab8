"""What a new interview begins with: questions that can be asked of anybody, and what to write beneath them."""

from core.writing import question, text

ANSWER = "Sample text: the answer, in the words of the person."
INTERVIEW = [
    text("Sample text: who the person is, where they work, and why you speak to them now."),
    *(
        question(asked, ANSWER)
        for asked in (
            "What do you do, and where?",
            "What were you trying to change?",
            "Who had to be in the room?",
            "What surprised you?",
            "What would you tell somebody who begins tomorrow?",
        )
    ),
]
