"""The seven principles of the approach, in order."""

# (heading, paragraphs)
PRINCIPLES: list[tuple[str, str]] = [
    (
        "It’s about leadership, not just leaders",
        """
        We develop leadership inside the systems and the places where leaders work, because that is where it is
        needed and where it is put to the test. A course can change a person. It seldom changes what the person goes
        back to on Monday morning.

        The leaders we work with have to lead beyond their organisation, beyond their authority, beyond their
        geography and even beyond what they know. Often they do it through virtual, collaborative teams, made up of
        people who owe them nothing. So we work with the web of relationships, and not only with the person in the
        middle of it.
        """,
    ),
    (
        "Leadership is of the place, not just the organisation",
        """
        Every place holds many sectors and many stakeholders. Each of them has a part of the answer, and none of them
        has the whole of it. An organisation can be well led and still leave its place no better off.

        We support people to work together for the whole place and its citizens. That can mean giving something up at
        home for a gain that shows in somebody else’s accounts. It takes leaders who belong to a place first and to
        an organisation second.
        """,
    ),
    (
        "Respect difference",
        """
        Leadership development happens within the realities of a place: its systems and its cultures, and the history
        behind both. We begin with those realities as they are, and not as a plan would like them to be.

        That is why our work is wholly bespoke. We do not carry a programme around and look for a place to put it. We
        listen first, and what we then do together may look quite unlike what we did somewhere else.
        """,
    ),
    (
        "Leading means telling a story",
        """
        Budgets, policies and strategies are needed, and few people have ever been moved by one. Stories reach people
        where those do not. A good story says who we are, what is at stake and what we might do about it.

        We help leaders to find the story of their place and to tell it truthfully, so that it connects citizens and
        staff and both can hear themselves in it. The best ones leave room for other people to add a part of their
        own.
        """,
    ),
    (
        "Leading requires ‘reading’",
        """
        Before they act, leaders have to read the situation: what is being said and what is not, who is missing from
        the room, what kind of problem this is. A technical fault and a clash of values can look alike from a
        distance. They need different things from a leader.

        So we help people to build a range of responses, and to tailor them to what they have read. Where nobody knows
        the way, we help them to feel their way beyond what is known, one careful step after another.
        """,
    ),
    (
        "Politics matters",
        """
        We are at home at the political and managerial coalface, where elected leaders and public managers meet and
        where the hard choices are made.

        We do not see politics as noise that gets in the way of good management. It is how a place decides what it
        wants. Leaders who understand it, and who work well with the people who hold a mandate, can build things that
        last.
        """,
    ),
    (
        "Show, don’t tell",
        """
        There is no off-the-peg solution, no blueprint and no single right answer to the problems that public-service
        leaders face. If there were, they would have found it long before we arrived.

        So we do not come with advice. We support people to explore new territory: to try something, to look honestly
        at what happened and to try again. What they find out for themselves they keep.
        """,
    ),
]
