"""Understanding systems: six ways of seeing."""

from changemaking.starting_content.outline import Approach, Group, article, book

ECOLOGY_OF_MIND = Approach(
    title="Ecology of mind",
    authors="Gregory Bateson",
    introduction=(
        "The anthropologist Gregory Bateson saw thinking as something that happens in relationships, and not "
        "only inside heads. His ecology of mind looks for the pattern that links people, services and "
        "surroundings, and asks how our own view is part of it."
    ),
    search_description=(
        "Gregory Bateson’s ecology of mind: how to look for the pattern that links people, services and places, "
        "ourselves included."
    ),
    when=(
        "Use it when a place keeps mending the parts and the trouble keeps coming back somewhere else. It helps "
        "when each service describes the problem as belonging to another, or when a sensible remedy seems to "
        "make things worse. It is a way of seeing, so it comes before a plan and does not replace one."
    ),
    how=(
        "An enabler uses it to slow a group down and to move its attention from things to relationships. The "
        "work is mostly drawing, listening and asking better questions."
    ),
    steps=(
        "Choose one pattern that people recognise, such as a family passed from service to service.",
        "Draw who and what is involved, and take most trouble over the lines between them.",
        "Trace what each response sets off, until the line comes back to where it began.",
        "Put yourselves in the drawing: what do we do that keeps the pattern going?",
        "Find one small change in a relationship, try it, and watch the whole picture.",
    ),
    sources=(
        book("Gregory Bateson", "Steps to an Ecology of Mind", 1972),
        book("Gregory Bateson", "Mind and Nature: A Necessary Unity", 1979),
    ),
)

LIVING_SYSTEMS = Approach(
    title="Living systems",
    authors="Margaret Wheatley",
    introduction=(
        "Margaret Wheatley invites us to see organisations and communities as living things that organise "
        "themselves, and not as machines to be redesigned from above. Shared purpose, information and "
        "relationships hold them together."
    ),
    search_description=(
        "Margaret Wheatley’s view of organisations and communities as living systems, and how to work with the "
        "life already in a place."
    ),
    when=(
        "Use it when another restructure is proposed and few believe that it will help, when energy for change "
        "is scattered across a place and nobody has joined it up, or when people feel like cogs. It asks "
        "patience of those in charge: a living system can be invited, fed and disturbed, but it cannot be "
        "ordered to change."
    ),
    how=(
        "Enablers use it to find what is already alive in a place and to connect it. They look for people who "
        "are acting without waiting for permission, bring them together and help them see the system they "
        "belong to."
    ),
    steps=(
        "Ask what people here care about enough to act on.",
        "Map where that energy is, whatever the organisation chart says.",
        "Bring those people together, and ask who is missing.",
        "Share information freely, the uncomfortable kind too.",
        "Start something small, see what the system makes of it, and go on from there.",
    ),
    sources=(
        book("Margaret J. Wheatley", "Leadership and the New Science", 1992),
        book("Margaret J. Wheatley and Myron Kellner-Rogers", "A Simpler Way", 1996),
    ),
)

AUTOPOIESIS = Approach(
    title="Autopoiesis",
    authors="Maturana and Varela",
    introduction=(
        "Autopoiesis means self-making. The biologists Humberto Maturana and Francisco Varela used the word for "
        "the way a living thing keeps producing itself, and so responds to the world according to its own "
        "make-up."
    ),
    search_description=(
        "Autopoiesis, or self-making: what Maturana and Varela’s idea from biology can tell us about systems "
        "that stay as they are."
    ),
    when=(
        "Use it when a message that seems perfectly clear is heard quite differently by those it was sent to, "
        "or when an organisation absorbs every reform and carries on as before. It suggests why pushing harder "
        "so often fails: outsiders can disturb a system, but its own structure settles what happens next. "
        "Maturana and Varela wrote about living beings, so for organisations treat it as a helpful comparison "
        "and no more."
    ),
    how=(
        "An enabler uses the idea to help a group understand one part of its system from the inside, and then "
        "to choose a disturbance that this part can make sense of."
    ),
    steps=(
        "Pick the team or organisation that seems stuck, and set blame aside.",
        "Ask what it is keeping alive: its identity, its routines, its sense of what counts.",
        "Ask people inside it how your efforts look from there.",
        "Put the next proposal in terms that matter to them.",
        "Watch what comes back, and adjust.",
    ),
    sources=(
        book(
            "Humberto R. Maturana and Francisco J. Varela",
            "Autopoiesis and Cognition: The Realization of the Living",
            1980,
        ),
        book("Humberto R. Maturana and Francisco J. Varela", "The Tree of Knowledge", 1987),
    ),
)

UNDERSTANDING_NETWORKS = Approach(
    title="Understanding networks",
    introduction=(
        "Behind every organisation chart there is a network of people who know and trust one another. Research "
        "on small worlds shows that a few links between separate groups can bring a whole network within "
        "reach."
    ),
    search_description=(
        "Small worlds and the networks behind the organisation chart: how to see who is linked to whom, and "
        "which links to make next."
    ),
    when=(
        "Use it when you want to know how ideas and help really travel in a place, when the same few people are at "
        "every meeting, or when two groups who need each other have never met. It suits a new movement that has to "
        "reach far without a large budget. A drawing shows one moment and one question, so treat it as a start to a "
        "conversation."
    ),
    how=(
        "Enablers draw the network with the people who are in it, because a drawing made in private can feel "
        "like being watched. They look for gaps and bridges, and help to strengthen the few links that would "
        "make most difference."
    ),
    steps=(
        "Agree on one question, for instance who turns to whom about food poverty.",
        "Ask people whom they go to, and show only those who are content to be shown.",
        "Draw the network together: where are the clusters, the bridges and the people at the edge?",
        "Choose a handful of links to make, and introduce people in person.",
        "Draw it again after some months, to see what has changed.",
    ),
    sources=(
        article("Stanley Milgram", "The Small World Problem", "Psychology Today", 1967),
        article("Mark Granovetter", "The Strength of Weak Ties", "American Journal of Sociology", 1973),
        article(
            "Duncan J. Watts and Steven H. Strogatz",
            "Collective dynamics of “small-world” networks",
            "Nature",
            1998,
        ),
    ),
)

CYNEFIN = Approach(
    title="Cynefin",
    authors="Dave Snowden",
    introduction=(
        "Cynefin, a Welsh word close in meaning to habitat, is Dave Snowden’s framework for telling kinds of "
        "situation apart. It separates the clear, the complicated, the complex and the chaotic, because each "
        "calls for a different way of acting."
    ),
    search_description=(
        "Dave Snowden’s Cynefin framework helps a group tell clear, complicated, complex and chaotic situations "
        "apart, and act to suit."
    ),
    when=(
        "Use it when a group is arguing over the answer and may really disagree about the kind of problem it "
        "has. It is useful before money is committed: a detailed plan suits a complicated task and will "
        "disappoint in a complex one, where cause and effect become plain only afterwards. It also guards "
        "against calling everything complex, which can excuse us from doing plain things well."
    ),
    how=(
        "An enabler asks people to place their own issues on the framework and listens for the disagreements, "
        "which often teach more than the finished picture."
    ),
    steps=(
        "Break the issue into pieces, one to a card.",
        "Sort the cards. Is the answer plain to all (clear), there for experts to find (complicated), to be "
        "found only by trying (complex), or is this a crisis (chaotic)?",
        "Talk about the cards that people would put in different places.",
        "Match the response: established practice for the clear, analysis for the complicated, small safe "
        "experiments for the complex, quick steadying action for the chaotic.",
        "Come back to it later, because situations move.",
    ),
    sources=(
        article(
            "Cynthia F. Kurtz and David J. Snowden",
            "The new dynamics of strategy: Sense-making in a complex and complicated world",
            "IBM Systems Journal",
            2003,
        ),
        article(
            "David J. Snowden and Mary E. Boone",
            "A Leader’s Framework for Decision Making",
            "Harvard Business Review",
            2007,
        ),
    ),
)

WICKED_PROBLEMS = Approach(
    title="Wicked problems",
    authors="Rittel and Webber; Keith Grint",
    introduction=(
        "Horst Rittel and Melvin Webber gave the name “wicked” to problems with no agreed definition, no clear "
        "end and no solution that is simply right or wrong. Keith Grint set them beside tame and critical "
        "problems, and linked each kind to a different use of authority."
    ),
    search_description=(
        "Wicked problems have no agreed definition and no right answer. How to recognise one, and how to tell "
        "it from a tame or critical problem."
    ),
    when=(
        "Use it with issues such as obesity, alcohol or food poverty, where every attempt changes the problem "
        "and every partner sees a different one. It can relieve leaders who feel that they have failed for want "
        "of an answer: with a wicked problem, nobody has one. It is not a label for anything hard. Some hard "
        "problems are tame, with a known way through."
    ),
    how=(
        "Grint’s three kinds give a group a common language. Critical problems need someone to take command, "
        "tame ones need good management, and wicked ones need leadership that asks questions and shares the "
        "work."
    ),
    steps=(
        "Ask each person to describe the problem as they see it, and write down every version.",
        "Decide together which parts are critical, tame or wicked.",
        "Get on with the tame parts in the ordinary way.",
        "For the wicked part, agree on a question before anyone offers a solution.",
        "Decide who else should be in the conversation, beginning with citizens who live with the problem.",
    ),
    sources=(
        article(
            "Horst W. J. Rittel and Melvin M. Webber",
            "Dilemmas in a General Theory of Planning",
            "Policy Sciences",
            1973,
        ),
        article(
            "Keith Grint",
            "Problems, problems, problems: The social construction of “leadership”",
            "Human Relations",
            2005,
        ),
    ),
)

GROUP = Group(
    name="Understanding systems",
    summary="Ways to see how people, services and places affect one another, before anyone decides what to do.",
    approaches=(
        ECOLOGY_OF_MIND,
        LIVING_SYSTEMS,
        AUTOPOIESIS,
        UNDERSTANDING_NETWORKS,
        CYNEFIN,
        WICKED_PROBLEMS,
    ),
)
