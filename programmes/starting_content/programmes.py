"""The four programmes: the fields of each page, by slug."""

from typing import Any

from core.writing import accordion, heading, key_figures, table, text
from programmes.models import ProgrammePage

Kind, Status = ProgrammePage.Kind, ProgrammePage.Status

FUTURE_VISION: dict[str, Any] = {
    "title": "Future Vision",
    "kind": Kind.COHORT,
    "status": Status.RUNNING,
    "introduction": (
        "Our flagship programme. Each year 20 to 25 senior leaders from the public, private and voluntary sectors "
        "learn with each other how to lead where nobody is in charge of the whole."
    ),
    "search_description": (
        "Our flagship leadership programme: 20 to 25 senior leaders a year from all sectors, adaptive leadership, "
        "coaching and learning among peers."
    ),
    "who_it_is_for": (
        "Council leaders and chief executives, police and fire chiefs, NHS chief executives, senior civil servants, "
        "the armed forces, ambassadors, police and crime commissioners, charity chief executives"
    ),
    "size": "20 to 25 senior leaders a year",
    "dates": "Since 2012",
    "places_text": "Several places in the UK, with a residential in Boston, USA",
    "body": [
        heading("A mixed company"),
        text(
            """
            The people in the room seldom meet as learners. A council leader may find herself beside a police chief, an
            ambassador beside the chief executive of a charity. They come from the public, private and voluntary
            sectors, and what they have in common is the size of what they answer for.

            That mixture is the point. Each of them knows one part of public life very well, and each of them depends
            on parts that they hardly know. A question that a colleague would never think of asking comes easily to
            somebody from another world.
            """
        ),
        key_figures(("20 to 25", "senior leaders take part each year"), ("2012", "the year it was launched")),
        heading("How it works"),
        text(
            """
            Future Vision is founded on adaptive leadership: how to lead when the problem is not a technical one and no
            expert can solve it, because the people who have the problem are part of it.

            The participants shape the content. They bring the questions that they face now and work on them with
            coaching and with each other. In recent years the group has met in several places in the United Kingdom,
            and has travelled to Boston in the United States for a residential.
            """
        ),
        heading("Questions people ask"),
        accordion(
            {
                "Is it a course?": """
                    Not in the usual sense. There is theory in it, above all adaptive leadership. But participants
                    shape the content, and they learn with coaching and from each other.
                    """,
                "Do I have to work in the public sector?": """
                    No. Participants come from the public, private and voluntary sectors.
                    """,
                "Where does it meet?": """
                    In recent years it has met in several places in the United Kingdom, with a residential in Boston,
                    USA.
                    """,
                "How senior is senior?": """
                    Among those who take part are council leaders, chief executives of councils, of NHS organisations
                    and of charities, police and fire chiefs, senior civil servants and ambassadors.
                    """,
            }
        ),
    ],
    "how_to_apply": """
        Future Vision runs every year with a new group. When applications for the next one open, the dates will be
        here. If you are thinking about it, {contact}: a conversation tells both of us more than a form does.
        """,
}

LOCAL_VISION: dict[str, Any] = {
    "title": "Local Vision",
    "kind": Kind.PLACE,
    "status": Status.COMPLETED,
    "introduction": (
        "About 50 places, one social issue each, and people from every side of it working together. Local Vision put "
        "systems leadership into practice where it counts."
    ),
    "search_description": (
        "Local Vision supported about 50 places from 2013, each working on one social issue with the help of enablers, "
        "as part of Systems Leadership."
    ),
    "who_it_is_for": "Places that want to work on one defined social issue, with everybody who has a part in it",
    "size": "About 50 places",
    "dates": "From 2013",
    "body": [
        heading("One place, one issue"),
        text(
            """
            Every Local Vision began with a choice. A place picked one defined social issue, of the kind that has many
            causes and no owner, and the people who had a part in it agreed to work on it together. In one place it
            was alcohol, in another food poverty, in another obesity.

            One issue is not a small thing. Pull at food poverty or at obesity, and you soon have housing, schools,
            work and health in your hands as well. But a single issue gives people from very different organisations a
            reason to be in the same room, and something to be impatient about.
            """
        ),
        key_figures(("About 50", "places took part"), ("1", "defined social issue in each place")),
        heading("Enablers beside the leaders"),
        text(
            """
            Enablers supported the places. They are experienced practitioners, and they did not come with an answer
            in their hands. They came to help people see the system that they were part of, have the conversations
            that had been put off, and try things.

            Local Vision was part of Systems Leadership. Like all our work in places it was bespoke: no place was
            handed another one’s answer.
            """
        ),
        heading("What was learned"),
        text(
            """
            The University of the West of England evaluated Local Vision and published its final report in October
            2015. The stories below tell what happened in some of the places.
            """
        ),
    ],
    "how_to_apply": """
        Local Vision has come to an end. Places that want to carry on are supported by the Systems Leadership Alliance.
        If you would like to talk about a place, {contact}.
        """,
}

TOTAL_PLACE: dict[str, Any] = {
    "title": "Total Place",
    "kind": Kind.COUNTRYWIDE,
    "status": Status.COMPLETED,
    "introduction": (
        "What if everybody who spends public money in a place looked at all of it together? In 2009 and 2010, 13 pilot "
        "areas did so with national government. Over 80 areas later took it up."
    ),
    "search_description": (
        "Total Place, 2009-10: 13 pilot areas with 63 local authorities looked at about £82bn of public spending as "
        "one, together with national government."
    ),
    "who_it_is_for": "Local authorities, primary care trusts, fire and police authorities, and their partners",
    "size": "13 pilot areas, later over 80 areas",
    "dates": "2009 to 2010",
    "partners": "National government",
    "body": [
        heading("Looking at a place as a whole"),
        text(
            """
            A citizen has one life. The public money that is meant to help arrives in many streams, each with its own
            rules, its own managers and its own idea of success. Total Place asked what would come to light if
            the people at the head of those streams looked at the place as a whole.

            It was a countrywide initiative with national government, and it began in 13 pilot areas. The spending
            that they looked at came to about £82bn, some 20% of all public spending in the country.
            """
        ),
        key_figures(
            ("13", "pilot areas"),
            ("£82bn", "roughly what was spent in them, some 20% of all public spending"),
            ("Over 80", "areas that later took it up"),
        ),
        heading("Three strands"),
        text(
            """
            - <b>Counting:</b> what is spent in a place, by whom and on what.
            - <b>Culture:</b> how the organisations of a place work, and what in their habits stands between them.
            - <b>Citizen insight:</b> how services look to the people who use them.

            Counting alone would have made an audit. The three together made people ask why things were as they were,
            and whether they had to be.
            """
        ),
        heading("Who took part in the pilots"),
        table(
            "Public bodies in the 13 pilot areas",
            ("Kind of body", "Number"),
            (
                ("Local authorities", "63"),
                ("Primary care trusts", "34"),
                ("Police authorities", "13"),
                ("Fire authorities", "12"),
            ),
        ),
        heading("What remains"),
        text(
            """
            Total Place has ended, and some of the bodies that took part in it no longer exist. Its question has not
            gone away: what is all of this for, seen from where a citizen stands? It is still a good one to begin
            with, in any place.
            """
        ),
    ],
}

SYSTEMS_LEADERSHIP_ALLIANCE: dict[str, Any] = {
    "title": "Systems Leadership Alliance",
    "kind": Kind.PLACE,
    "status": Status.RUNNING,
    "introduction": (
        "Change in a place takes longer than a programme lasts. The Systems Leadership Alliance is continued support "
        "for places after Local Vision."
    ),
    "search_description": (
        "The Systems Leadership Alliance gives places continued support after Local Vision, with enablers and work "
        "that is bespoke to each locality."
    ),
    "who_it_is_for": "Places that want to go on with what they began in Local Vision",
    "dates": "Since Local Vision",
    "body": [
        heading("Staying with it"),
        text(
            """
            A programme ends on a date. The issue that a place has taken on does not. Relationships that took
            years to grow can wither when the one person who looked after them moves on, and the old ways of working
            are patient: they come back when nobody is watching.

            The Systems Leadership Alliance exists so that places need not stop when a programme does. It continues
            the support that began with Local Vision.
            """
        ),
        heading("What support looks like"),
        text(
            """
            It looks different in every place, because every place does. Our core team and our enablers work with the
            people there on a systemic issue of their own, and shape the support to fit. Sometimes that means
            bringing into the room the people who have never been asked. Sometimes it means asking a group that gets on
            well why it agrees so easily.

            Enablers draw on the tools, approaches and skills that are gathered in The Art of Change Making. They use
            what fits the place and leave the rest in the bag.
            """
        ),
    ],
    "how_to_apply": """
        If there is an issue in your place that no organisation can settle alone, {contact}, and tell us who else is
        worried about it.
        """,
}

# In the order of the list.
PROGRAMMES: dict[str, dict[str, Any]] = {
    "future-vision": FUTURE_VISION,
    "local-vision": LOCAL_VISION,
    "total-place": TOTAL_PLACE,
    "systems-leadership-alliance": SYSTEMS_LEADERSHIP_ALLIANCE,
}
