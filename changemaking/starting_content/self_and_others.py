"""Self and others: three ways to learn, and to help other people learn."""

from changemaking.starting_content.outline import Approach, Group, book

INNER_GAME = Approach(
    title="Inner game",
    authors="Timothy Gallwey",
    introduction=(
        "Timothy Gallwey, a tennis coach, saw that players were often held back by a critical voice in their "
        "own heads. The inner game is about quietening that voice, so that attention and learning can do their "
        "work."
    ),
    search_description=(
        "Timothy Gallwey’s inner game is about quietening the critical voice in your head so that you can "
        "notice, learn and act."
    ),
    when=(
        "Use it with people who know what to do and cannot quite do it under pressure: chairing a hostile "
        "meeting, speaking in public, handing over control. It suits those who have already had plenty of "
        "advice. It is no cure for overwork or a lack of means, which are not in anyone’s head."
    ),
    how=(
        "Gallwey speaks of two selves, one that gives orders and judges, and one that acts and learns. An "
        "enabler helps a person to give the first something to notice, so that the second can get on."
    ),
    steps=(
        "Choose a real situation that matters to you and is coming soon.",
        "Ask what the inner voice says when such things go badly.",
        "Choose one thing to notice without judging it, such as your breathing or who has not yet spoken.",
        "Try it, and afterwards describe what you noticed.",
        "Ask what, if anything, you want to do differently.",
    ),
    sources=(book("W. Timothy Gallwey", "The Inner Game of Tennis", 1974),),
)

ACTION_LEARNING = Approach(
    title="Action learning",
    authors="Reg Revans",
    introduction=(
        "Reg Revans held that people learn best by working on real problems in the company of others who are "
        "doing the same. A small group, called a set, meets regularly. Each member brings a problem, and the "
        "others help with questions before advice."
    ),
    search_description=(
        "Reg Revans’s action learning: a small group meets regularly, works on real problems and helps with "
        "questions. When and how to use it."
    ),
    when=(
        "Use it with leaders whose problems have no textbook answer, and who have few people to talk to "
        "frankly. A set works well across professions and sectors, because outsiders ask fresh questions. It "
        "needs commitment: the same few people, over some months, in confidence. It is not meant for puzzles "
        "that an expert could settle."
    ),
    how=(
        "An enabler starts the set off, keeps its discipline, and steps back as the members learn to run it themselves."
    ),
    steps=(
        "Share out the time, so that each person has a turn.",
        "One member describes their problem, briefly, and the others listen.",
        "The set asks open questions and holds back its advice.",
        "The member says what they will do before the next meeting.",
        "Next time, begin with what happened and what was learned.",
    ),
    sources=(book("Reg Revans", "Action Learning: New Techniques for Management", 1980),),
)

COACHING = Approach(
    title="Coaching",
    introduction=(
        "Coaching is a series of conversations in which one person helps another to think clearly about their "
        "work and to decide what to do. The coach listens and asks; the answers belong to the person who is "
        "coached."
    ),
    search_description=(
        "Coaching helps a leader to think clearly and decide what to do. When to use it, when not to, and a "
        "simple order for the conversation."
    ),
    when=(
        "Use it when someone is new in a role or has a hard decision to make, when a leader has nobody to think aloud "
        "with, or when what was learned on a programme has to be put into practice. It is not therapy, nor a way of "
        "dealing with poor performance, and a good coach will say so."
    ),
    how=(
        "Enablers coach leaders one to one, and bring the habits of coaching into their work with groups. "
        "Coaching is part of our programme Future Vision. One well-known order for a conversation is GROW, "
        "which John Whitmore made popular: goal, reality, options, will."
    ),
    steps=(
        "Agree what the conversations are for, and what stays confidential.",
        "Goal: ask what the person wants from the work, and from today.",
        "Reality: ask what is happening now, and what they have tried.",
        "Options: ask what else could be done, and wait.",
        "Will: ask what they will do, by when, and with whose help.",
    ),
    sources=(
        book("John Whitmore", "Coaching for Performance", 1992),
        book("Nancy Kline", "Time to Think", 1999),
    ),
)

GROUP = Group(
    name="Self and others",
    summary="Ways to learn from your own work, and to help other people learn from theirs.",
    approaches=(INNER_GAME, ACTION_LEARNING, COACHING),
)
