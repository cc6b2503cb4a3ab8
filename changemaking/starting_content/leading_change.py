"""Leading change: five ways to lead where nobody has the answer."""

from changemaking.starting_content.outline import Approach, Group, article, book

ADAPTIVE_LEADERSHIP = Approach(
    title="Adaptive leadership",
    authors="Ronald Heifetz",
    introduction=(
        "Ronald Heifetz separates technical problems, which somebody already knows how to solve, from adaptive "
        "ones, which ask people to change their own habits, loyalties or beliefs. Adaptive leadership is the "
        "work of helping people to face that change."
    ),
    search_description=(
        "Ronald Heifetz’s adaptive leadership: helping people to face change that no expert can make for them, "
        "at a pace they can bear."
    ),
    when=(
        "Use it when experts have been called, plans have been made and the issue is still there. It fits work "
        "across organisations, where nobody has authority over everyone, and change that asks people to give up "
        "something they value. It is rarely comfortable. People resist loss, and those who lead have to keep "
        "the discomfort bearable."
    ),
    how=(
        "Enablers use it to help leaders look at their own part in a problem, and to keep the hard work with "
        "the people who have to do it. Heifetz speaks of moving between the dance floor, where the action is, "
        "and the balcony, from which the pattern can be seen."
    ),
    steps=(
        "Go to the balcony: what is really happening here, and who stands to lose what?",
        "Separate the technical parts of the issue from the adaptive ones.",
        "Bring the difficult question into the open, at a pace people can stand.",
        "Give the work back: resist the pull to supply the answer.",
        "Protect the voices that others would sooner not hear.",
    ),
    sources=(
        book("Ronald A. Heifetz", "Leadership Without Easy Answers", 1994),
        book("Ronald A. Heifetz and Marty Linsky", "Leadership on the Line", 2002),
        book(
            "Ronald Heifetz, Alexander Grashow and Marty Linsky",
            "The Practice of Adaptive Leadership",
            2009,
        ),
    ),
)

THEORY_U = Approach(
    title="Theory U",
    authors="Otto Scharmer",
    introduction=(
        "Otto Scharmer describes change as a journey shaped like the letter U: down, by looking and listening "
        "with fresh eyes; through a quiet point at the bottom; and up again, by trying things out. The quality "
        "of our attention, he argues, shapes what we are able to do."
    ),
    search_description=(
        "Otto Scharmer’s Theory U: a journey from looking afresh, through a quiet point, to trying something "
        "new. When to use it and how."
    ),
    when=(
        "Use it when experience is a poor guide, because what is needed has not been done before. It suits a "
        "committed group from several organisations, ready to spend time where the issue is lived. Choose "
        "something quicker when the need is urgent or the answer is known."
    ),
    how=(
        "An enabler holds a group back from solutions while it learns to see, and then helps it to move quickly "
        "to something real."
    ),
    steps=(
        "Agree on why you are here and what you want to understand.",
        "Go and see: spend time with people who live with the issue, and suspend judgement.",
        "Stop: in a quiet place, ask what matters now and what each of us must let go of.",
        "Make a rough first version of something new, quickly and cheaply.",
        "Learn from those who use it, and carry what works into everyday practice.",
    ),
    sources=(
        book("C. Otto Scharmer", "Theory U: Leading from the Future as It Emerges", 2007),
        book(
            "Peter Senge, C. Otto Scharmer, Joseph Jaworski and Betty Sue Flowers",
            "Presence",
            2004,
        ),
    ),
)

IMMUNITY_TO_CHANGE = Approach(
    title="Immunity to change",
    authors="Kegan and Lahey",
    introduction=(
        "Robert Kegan and Lisa Lahey noticed that people often fail to change even when they sincerely want to, "
        "because another commitment, usually a hidden one, is protecting them. Their map brings both "
        "commitments to light."
    ),
    search_description=(
        "Kegan and Lahey’s immunity to change: a map of the hidden commitments that stop us making the changes "
        "we sincerely want."
    ),
    when=(
        "Use it when a leader or a team keeps promising an improvement and keeps not making it, and when "
        "goodwill and effort have both been tried. It works for one person or for a whole team. It asks for "
        "honesty, and so it needs trust, time and a promise that nothing leaves the room without consent."
    ),
    how=(
        "The map has four columns, filled in one after another. An enabler helps people to stay curious about "
        "what they find: the hidden commitment is a way of keeping safe, and no cause for shame."
    ),
    steps=(
        "Write down the improvement you truly want to make.",
        "List honestly what you do, or fail to do, that works against it.",
        "Imagine doing the opposite, notice what worries you, and name the commitment behind the worry.",
        "Name the big assumption underneath: what do you believe would happen?",
        "When the map is full, test that assumption with a small, safe experiment.",
    ),
    sources=(
        book("Robert Kegan and Lisa Laskow Lahey", "Immunity to Change", 2009),
        book(
            "Robert Kegan and Lisa Laskow Lahey",
            "How the Way We Talk Can Change the Way We Work",
            2001,
        ),
    ),
)

CLUMSY_SOLUTIONS = Approach(
    title="Clumsy solutions",
    authors="Keith Grint",
    introduction=(
        "Wicked problems, Keith Grint argues, defeat elegant solutions that rest on a single view of the world. "
        "A clumsy solution pieces several views together: it is untidy, but it can work, and more people can "
        "find themselves in it."
    ),
    search_description=(
        "Keith Grint’s clumsy solutions join several views of the world in one untidy answer. When to use them, "
        "and how to make one."
    ),
    when=(
        "Use it when partners each have a tidy answer and the answers exclude one another: more rules, more "
        "choice, more community. It helps when a strategy has been polished until nobody objects to it and "
        "nobody acts on it. Leave it aside for tame problems, which deserve an elegant answer."
    ),
    how=(
        "Grint draws on the anthropologist Mary Douglas, who described how people who trust in rules, in "
        "individual choice or in the group see the same matter differently. An enabler makes sure that each of "
        "these is heard and borrowed from."
    ),
    steps=(
        "Ask what someone who trusts in rules would do; then someone who trusts in individual choice; then "
        "someone who trusts in community.",
        "Look for what each answer sees that the others miss.",
        "Put together something that uses a part of each, however untidy.",
        "Try it on a small scale, with everyone free to say that it is not working.",
        "Keep adjusting it, and resist the wish to make it neat.",
    ),
    sources=(
        article(
            "Keith Grint",
            "Wicked problems and clumsy solutions: the role of leadership",
            "Clinical Leader",
            2008,
        ),
        book(
            "Marco Verweij and Michael Thompson (editors)",
            "Clumsy Solutions for a Complex World",
            2006,
        ),
    ),
)

NUDGE = Approach(
    title="Nudge",
    authors="Thaler and Sunstein",
    introduction=(
        "Richard Thaler and Cass Sunstein drew attention to the way in which the setting of a choice affects "
        "what people choose. A nudge is a small change to that setting that makes a better choice easier, "
        "without forbidding anything or much altering what each choice costs."
    ),
    search_description=(
        "Thaler and Sunstein’s nudge: small changes that make a better choice easier. Where it helps, where it "
        "is weak, and how to try one openly."
    ),
    when=(
        "Use it where people broadly want to do something and small obstacles get in the way: a long form, a "
        "letter that is hard to follow, a default that nobody noticed. It is cheap to try and can be tested. It "
        "is weak where causes run deep or people disagree about what is good, and it raises a fair question: "
        "who decided which choice was better?"
    ),
    how=(
        "An enabler helps a team to look at a service from where the person using it stands, and to change one "
        "thing at a time."
    ),
    steps=(
        "Choose one action that people already mean to take.",
        "Follow their path step by step, and mark each place where it is hard.",
        "Change one thing: the default, the order, the wording or the moment.",
        "Compare what happens with the change and without it.",
        "Be open about it, and drop it if you would not defend it to the people concerned.",
    ),
    sources=(
        book(
            "Richard H. Thaler and Cass R. Sunstein",
            "Nudge: Improving Decisions about Health, Wealth, and Happiness",
            2008,
        ),
    ),
)

GROUP = Group(
    name="Leading change",
    summary="Ways to lead when nobody has the whole answer and nobody has authority over everyone.",
    approaches=(ADAPTIVE_LEADERSHIP, THEORY_U, IMMUNITY_TO_CHANGE, CLUMSY_SOLUTIONS, NUDGE),
)
