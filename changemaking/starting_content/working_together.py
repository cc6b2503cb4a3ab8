"""Working together: six ways of thinking and deciding in company."""

from changemaking.starting_content.outline import Approach, Group, article, book

DIALOGUE = Approach(
    title="Dialogue",
    authors="William Isaacs",
    introduction=(
        "William Isaacs describes dialogue as the art of thinking together. People listen, respect one another, "
        "suspend their certainties and speak in their own voice, so that they may come to something that no one "
        "brought into the room."
    ),
    search_description=(
        "William Isaacs on dialogue, the art of thinking together: listening, respecting, suspending judgement "
        "and speaking for yourself."
    ),
    when=(
        "Use it when people talk past each other, when meetings are polite and nothing changes, or when an old "
        "conflict lies beneath the agenda. It belongs before decisions, because it can change what people "
        "understand about one another. It takes time, and it is the wrong tool when something must be settled "
        "in the next hour."
    ),
    how=(
        "An enabler prepares a setting in which people can slow down: chairs in a circle, no slides, and a few "
        "ground rules that everyone has agreed."
    ),
    steps=(
        "Begin with a few words from each person, so that every voice is heard early.",
        "Listen to understand, and notice your own reactions as you do.",
        "Suspend your opinions: say them, and hold them out where all can examine them.",
        "Speak for yourself, and when you have something to say.",
        "End by asking what has shifted, and for whom.",
    ),
    sources=(
        book("William Isaacs", "Dialogue and the Art of Thinking Together", 1999),
        book("David Bohm", "On Dialogue", 1996),
    ),
)

FOUR_PLAYER_MODEL = Approach(
    title="Four-player model",
    authors="David Kantor",
    introduction=(
        "David Kantor, whose early work was with families, found four acts in any conversation: someone moves, "
        "someone follows, someone opposes, and someone stands by and says what they see. A group needs all "
        "four."
    ),
    search_description=(
        "David Kantor’s four-player model: move, follow, oppose and stand by. How to notice which is missing in "
        "a group, and bring it in."
    ),
    when=(
        "Use it with a team that gets stuck in the same way each time: two people who always lock horns, "
        "proposals that nobody questions, or silence until the meeting is over. It gives people a neutral way "
        "to talk about what each of them brings. It describes acts, not characters, and anyone can learn to "
        "make all four."
    ),
    how=(
        "An enabler can explain the four acts in a few minutes. The learning begins when a group watches "
        "itself use them."
    ),
    steps=(
        "Explain the four acts, with examples from the group’s own work.",
        "During a piece of real discussion, ask one or two people to note who does what.",
        "Look at the notes: which act is missing, and what does that cost us?",
        "Ask each person to try, on purpose, the act they use least.",
        "Ask those who stand by to speak: the view from the edge can free a stuck group.",
    ),
    sources=(
        book("David Kantor and William Lehr", "Inside the Family", 1975),
        book("David Kantor", "Reading the Room", 2012),
    ),
)

APPRECIATIVE_INQUIRY = Approach(
    title="Appreciative inquiry",
    authors="David Cooperrider",
    introduction=(
        "Appreciative inquiry, which began with the work of David Cooperrider, starts from what works. It asks "
        "people for stories of their best experience, and builds a picture of the future from the strengths "
        "that those stories show."
    ),
    search_description=(
        "David Cooperrider’s appreciative inquiry starts from what works in a place and builds on it. When to "
        "use it, and its four stages."
    ),
    when=(
        "Use it when people are worn down by being described as a problem, when a place has more going for it "
        "than its plans suggest, or when new partners need reasons to trust one another. Take care where there "
        "is a harm that has to be heard first. Nobody should be asked to be cheerful about it."
    ),
    how=(
        "The stages are often taught as discovery, dream, design and destiny. An enabler puts most care into "
        "the first question, since the method holds that groups move in the direction of what they ask about."
    ),
    steps=(
        "Choose a topic, worded as something you want more of.",
        "Discovery: in pairs, tell of a time when it was at its best, and what made that possible.",
        "Dream: picture the place if such moments were usual.",
        "Design: decide what would have to be in place.",
        "Destiny: agree who will begin what, and keep asking.",
    ),
    sources=(
        article(
            "David L. Cooperrider and Suresh Srivastva",
            "Appreciative Inquiry in Organizational Life",
            "Research in Organizational Change and Development",
            1987,
        ),
        book(
            "David L. Cooperrider and Diana Whitney",
            "Appreciative Inquiry: A Positive Revolution in Change",
            2005,
        ),
    ),
)

WORLD_CAFE = Approach(
    title="World Café",
    authors="Brown and Isaacs",
    introduction=(
        "The World Café, developed by Juanita Brown and David Isaacs, lets a large group hold one conversation "
        "at many small tables. People move from table to table and carry ideas with them, so that thinking "
        "spreads through the room."
    ),
    search_description=(
        "The World Café lets a large group hold one conversation at many small tables. When it helps, and how "
        "to host one, step by step."
    ),
    when=(
        "Use it when you want to hear from everyone in a group too large for one circle, when a question matters to "
        "all and nobody has the answer yet, or when people who seldom meet should talk to one another. It is less "
        "useful when the answer has already been decided, or when a detailed plan is needed by the end of the day."
    ),
    how=(
        "An enabler gives most of the preparation to the question. On the day, what matters is a warm welcome, "
        "tables for four or five people and plenty of paper to write and draw on."
    ),
    steps=(
        "Welcome people, and explain how the rounds work.",
        "Ask one open question, and give the tables some twenty minutes.",
        "Ask one host to stay at each table while the others move to new ones.",
        "Let each host tell the newcomers what was said, and let the talk go on for two or three rounds.",
        "Gather everyone to hear what has been learned and what is still open.",
    ),
    sources=(
        book(
            "Juanita Brown with David Isaacs",
            "The World Café: Shaping Our Futures Through Conversations That Matter",
            2005,
        ),
    ),
)

OPEN_SPACE = Approach(
    title="Open Space",
    authors="Harrison Owen",
    introduction=(
        "Open Space, devised by Harrison Owen, is a meeting whose agenda is made by the people who come. Anyone "
        "may offer a topic, and everyone goes where they can learn or contribute."
    ),
    search_description=(
        "Harrison Owen’s Open Space is a meeting whose agenda is made by the people who come. When to use it, "
        "and how to hold one."
    ),
    when=(
        "Use it when the matter is urgent and complex, when people differ, and when those who call the meeting "
        "truly do not know the answer. It can serve a small group or some hundreds of people. Its condition is "
        "candour. If leaders need to control what is discussed or decided, choose something else, because "
        "people will soon see the pretence."
    ),
    how=(
        "There is one law, the law of two feet: if you are neither learning nor contributing where you are, go "
        "somewhere else. An enabler explains this, opens the meeting and then keeps out of the way."
    ),
    steps=(
        "Invite widely, with one real question as the theme.",
        "Start in a circle, with an empty timetable on the wall.",
        "Let anyone with a topic write it down, announce it and choose a time and place.",
        "Let the groups meet, and ask each to write up what it found for all to read.",
        "Close in the circle: what will be done, and who will take it on?",
    ),
    sources=(book("Harrison Owen", "Open Space Technology: A User’s Guide", 1997),),
)

FUTURE_SEARCH = Approach(
    title="Future Search",
    authors="Weisbord and Janoff",
    introduction=(
        "Future Search, from Marvin Weisbord and Sandra Janoff, is a planning meeting that brings the whole "
        "system into one room. Over some three days, a cross-section of those with a stake looks at the past, "
        "the present and the future, finds the ground it shares and plans what to do."
    ),
    search_description=(
        "Future Search, from Weisbord and Janoff, brings a whole system into one room to find common ground and "
        "act on it. When and how to use it."
    ),
    when=(
        "Use it when a place needs a shared direction that no single body can set. It calls for a broad mix of "
        "people, with authority, knowledge and lived experience among them, and for their time, which is its "
        "main cost. If the people who matter cannot come, wait or choose something lighter."
    ),
    how=(
        "An enabler and a planning group first settle the task and who must be there. In the room people work "
        "in small groups, sometimes mixed and sometimes with their peers. Differences are noted, not fought "
        "over."
    ),
    steps=(
        "Look back: draw time lines of the place, the world and ourselves.",
        "Look at the present: map the trends that affect us, and say what we are proud of and sorry about.",
        "Look ahead: show the future we want as if it were already here.",
        "Find the common ground, and set aside what is not agreed.",
        "Plan: people put their names to what they will do.",
    ),
    sources=(book("Marvin R. Weisbord and Sandra Janoff", "Future Search", 1995),),
)

GROUP = Group(
    name="Working together",
    summary="Ways to bring many people into one conversation, and to help them think and decide together.",
    approaches=(
        DIALOGUE,
        FOUR_PLAYER_MODEL,
        APPRECIATIVE_INQUIRY,
        WORLD_CAFE,
        OPEN_SPACE,
        FUTURE_SEARCH,
    ),
)
