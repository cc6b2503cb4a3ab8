"""Story and meaning: four ways to make sense of events and to tell of them."""

from changemaking.starting_content.outline import Approach, Group, article, book

PUBLIC_NARRATIVE = Approach(
    title="Public narrative",
    authors="Marshall Ganz",
    introduction=(
        "Marshall Ganz teaches public narrative as a craft of leadership: to tell why you are called to act, "
        "what you share with those you speak to, and why it has to be now. He names these the story of self, "
        "the story of us and the story of now."
    ),
    search_description=(
        "Marshall Ganz’s public narrative joins a story of self, of us and of now, to move people from caring "
        "to acting. When and how to use it."
    ),
    when=(
        "Use it when the facts are well known and still nobody moves, when a partnership needs a shared sense "
        "of why, or when people know a leader’s position and not yet the person. Stories reach people whom "
        "budgets and strategies do not. That gives them force, so they must be true, and your own to tell."
    ),
    how=(
        "An enabler coaches people both in telling and in listening, with a first draft in minutes and many "
        "more after it. Ganz looks for three things in a story: a challenge, a choice and an outcome."
    ),
    steps=(
        "Recall a moment when you faced a challenge and made a choice, and what came of it.",
        "Tell it to a partner in two minutes, and hear what they think you value.",
        "Find a moment that this group has lived through together.",
        "Say what is at stake now, and what you are asking people to do.",
        "Join the three into one story, tell it, and tell it again.",
    ),
    sources=(
        book("Marshall Ganz", "Why David Sometimes Wins", 2009),
        article(
            "Marshall Ganz",
            "Public Narrative, Collective Action, and Power",
            "Accountability through Public Opinion",
            2011,
        ),
    ),
)

LEARNING_HISTORY = Approach(
    title="Learning history",
    authors="Kleiner and Roth",
    introduction=(
        "A learning history, a form developed by Art Kleiner and George Roth, tells what happened during a "
        "change in the words of people who were there. Beside their accounts run comments and questions that "
        "help others to learn from them."
    ),
    search_description=(
        "A learning history tells of change in the words of those who were there, with questions beside them. "
        "How to make one, and use it well."
    ),
    when=(
        "Use it when a piece of work has something to teach that an official report would lose, when people "
        "remember the same events differently, or when another group is about to try something similar. Most "
        "of the learning comes from talking about it together, so it is wasted if it is only filed."
    ),
    how=(
        "An outsider and an insider often work as a pair: one asks what insiders no longer notice, the other "
        "knows what the answers mean. In the programme Local Vision, a learning history of Food and Cornwall "
        "was made from 23 interviews."
    ),
    steps=(
        "Agree what the history is for, and for whom.",
        "Interview people from every side, and promise that they will see their words first.",
        "Set their words in one column, and comments and questions in another.",
        "Check it with those who spoke.",
        "Bring people together to read it, and to ask what they would do differently.",
    ),
    sources=(
        article(
            "Art Kleiner and George Roth",
            "How to Make Experience Your Company’s Best Teacher",
            "Harvard Business Review",
            1997,
        ),
    ),
)

LADDER_OF_INFERENCE = Approach(
    title="Ladder of inference",
    authors="Chris Argyris",
    introduction=(
        "Chris Argyris’s ladder of inference shows how fast we climb from what we see to what we believe: we "
        "pick out some facts, give them a meaning, draw a conclusion and act on it. Much of the climb goes "
        "unnoticed."
    ),
    search_description=(
        "Chris Argyris’s ladder of inference shows how we climb from what we see to what we believe, and how a "
        "group can climb back down."
    ),
    when=(
        "Use it when people are certain of each other’s motives, when two groups hold the same facts and draw "
        "opposite conclusions, or when you yourself are sure and something does not fit. It is simple to teach. "
        "Look at your own climb first: used only to catch other people out, it does harm."
    ),
    how=(
        "An enabler draws the ladder where all can see it and works through one real example, best of all one "
        "of their own."
    ),
    steps=(
        "Write your conclusion on the top rung.",
        "Climb down: what did you assume, and what meaning did you add?",
        "At the bottom, ask what you actually saw or heard, and what you left out.",
        "Ask other people what they noticed.",
        "Climb up again together, saying each step aloud.",
    ),
    sources=(
        book("Chris Argyris", "Overcoming Organizational Defenses", 1990),
        book("Peter Senge and others", "The Fifth Discipline Fieldbook", 1994),
    ),
)

ETHNOGRAPHY = Approach(
    title="Ethnography",
    introduction=(
        "Ethnography is the study of people’s lives by spending time with them, in the places where those lives "
        "are lived. It comes from anthropology and sociology, and asks what things mean to the people "
        "themselves."
    ),
    search_description=(
        "Ethnography means learning about people’s lives by spending time with them. How leaders can use a "
        "light form of it, with care and consent."
    ),
    when=(
        "Use it when services know a good deal about how people use them, and little about how people live. A "
        "survey can say how many; ethnography helps us see why, and turns up what nobody thought to ask. It "
        "takes time, reaches few people, and calls for consent, tact and care for those who let us in."
    ),
    how=(
        "Enablers use a light form of it with leaders: some hours or days of watching and listening before any "
        "plan is made. It is no substitute for a full study, but it puts citizens’ lives at the centre of the "
        "conversation."
    ),
    steps=(
        "Agree what you want to understand, and how you will ask consent and keep people’s privacy.",
        "Go where life goes on: a kitchen, a waiting room, a bus.",
        "Watch, listen and ask open questions, and note what you saw apart from what you made of it.",
        "Compare notes with others, and look for patterns and surprises.",
        "Take what you learned back to those people, and ask whether it rings true.",
    ),
    sources=(
        book("Clifford Geertz", "The Interpretation of Cultures", 1973),
        book("Martyn Hammersley and Paul Atkinson", "Ethnography: Principles in Practice", 1983),
    ),
)

GROUP = Group(
    name="Story and meaning",
    summary="Ways to notice how people make sense of events, and to tell stories from which others can learn.",
    approaches=(PUBLIC_NARRATIVE, LEARNING_HISTORY, LADDER_OF_INFERENCE, ETHNOGRAPHY),
)
