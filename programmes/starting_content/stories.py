"""The four case stories: the fields of each page, by slug.

Outcomes say only what is known. The source "Leadership Centre" means that the Centre itself says so.
"""

from typing import Any

from core.models import Ground
from core.writing import Block, text

# (name, slug, grid reference of the county town: Truro and Gloucester)
PLACES = [("Cornwall", "cornwall", "SW 82 44"), ("Gloucestershire", "gloucestershire", "SO 83 18")]
THEMES = [
    ("Alcohol", "alcohol"),
    ("Food poverty", "food-poverty"),
    ("Leadership", "leadership"),
    ("Obesity", "obesity"),
]


def said(sentence: str) -> Block:
    """An outcome in words, on the Centre's own account."""
    return {"type": "sentence", "value": {"sentence": sentence, "source": "Leadership Centre", "date": ""}}


COHORT_ALUMNI: dict[str, Any] = {
    "title": "What cohort alumni did next",
    "place_note": "Cohort alumni",
    "theme": "leadership",
    "ground": Ground.WATER,
    "introduction": (
        "The test of a leadership programme is what people do when it is over. Alumni of our cohorts have used what "
        "they learned to make change, and to keep it going."
    ),
    "search_description": (
        "What alumni of our leadership cohorts did next: they made and sustained change with what they had learned, "
        "and took on new roles."
    ),
    "challenge": [
        text(
            """
            It is easy to be brave in a seminar room. The hard part comes later, back among colleagues who have not
            been there, in an organisation that has carried on as before and sees no reason to do otherwise.

            So the question we ask about every cohort is a plain one. Did anything change where the participants
            work, and did it last?
            """
        )
    ],
    "what_was_done": [
        text(
            """
            Our cohort programmes bring together leaders of one profession or of several sectors. The content is
            designed together with them, and the learning is usually among peers: people who face the same kind of
            difficulty, and who can tell when somebody is avoiding it.

            We hold that leadership is developed in the systems and places where leaders work. So the cohort is never
            the whole of it. The rest happens afterwards, at home, and that is the part this story is about.
            """
        )
    ],
    "outcomes": [
        said("Alumni used what they learned to make change and to sustain it."),
        said("Alumni gained promotions or new roles."),
    ],
    "learned": [
        text(
            """
            A promotion is not the purpose of a programme. It does tell us something when those who work in
            this way are trusted with more. What counts in the end is what citizens notice, and that takes longer
            to see than any career.
            """
        )
    ],
}

GLOUCESTERSHIRE: dict[str, Any] = {
    "title": "Gloucestershire and obesity across generations",
    "place": "gloucestershire",
    "theme": "obesity",
    "programme": "local-vision",
    "introduction": (
        "Gloucestershire’s Local Vision looked at obesity across the generations, as something that families and "
        "places share, and took its work to the Health and Wellbeing Board."
    ),
    "search_description": (
        "In Gloucestershire, Local Vision worked on obesity across generations and reported to the Health and "
        "Wellbeing Board."
    ),
    "challenge": [
        text(
            """
            Obesity is often treated as one person’s problem, to be solved by that person. Yet what we eat and how we
            move we learn from those around us, and pass on to those who come after. An issue that runs across
            generations cannot be settled in one appointment, or by one service.

            Nor is there a right answer waiting to be found. Food, work, transport, schools, housing and habit all play
            into it, and each of them is somebody else’s business.
            """
        )
    ],
    "what_was_done": [
        text(
            """
            Gloucestershire made obesity across generations the one defined issue of its Local Vision, and enablers
            supported the work. To look across generations is to ask other questions: not only who is overweight now,
            but what is being handed on, and where the chain could be broken.

            The work was reported to the Health and Wellbeing Board.
            """
        )
    ],
    "outcomes": [said("The work on obesity across generations was reported to the Health and Wellbeing Board.")],
    "learned": [
        text(
            """
            We do not claim a figure here. Change between generations shows late, and we would rather say so
            than count what is easy to count. To us the story shows how much depends on where the boundary of an issue
            is drawn. Drawn around a person, it leads to advice. Drawn around a family and a place, it leads to
            many more people who can do something.
            """
        )
    ],
}

ALCOHOL_STRATEGY: dict[str, Any] = {
    "title": "A Health and Wellbeing Board and its alcohol strategy",
    "place_note": "A Health and Wellbeing Board",
    "theme": "alcohol",
    "programme": "local-vision",
    "introduction": (
        "A strategy can be agreed in an afternoon. This board went on from there, to new ways of working with "
        "communities on support and treatment, and attendances at A&E due to alcohol abuse became fewer."
    ),
    "listing_summary": (
        "How a Health and Wellbeing Board found new ways of working with communities on support and treatment for "
        "alcohol abuse."
    ),
    "search_description": (
        "How a Health and Wellbeing Board, at work on its alcohol strategy, found new ways of working with "
        "communities, and what changed."
    ),
    "challenge": [
        text(
            """
            The harm that alcohol does turns up in many places. A&amp;E sees one part of it, the police another, and
            families live with most of it. Each service knows its own part well, and no service can treat the whole.

            A Health and Wellbeing Board brings many of those who share the responsibility to one table. It can agree a
            strategy. A strategy by itself does not change how people and services deal with each other.
            """
        )
    ],
    "what_was_done": [
        text(
            """
            Alcohol was the one defined issue of this Local Vision, and enablers supported the work on the board’s
            strategy. What came of it was more than a document: new ways of working with communities on support and
            treatment.

            The word that matters in that sentence is ‘with’. Communities are not only where a strategy is carried out.
            They know things about drinking, and about stopping, that no service knows.
            """
        )
    ],
    "outcomes": [
        said("There were fewer attendances at A&E due to alcohol abuse."),
        said("A pooled commissioning budget was set up locally."),
        said("People reached a new shared understanding of how to work together."),
    ],
    "learned": [
        text(
            """
            We do not name the place. Two of its outcomes, to our mind, hold each other up: the shared understanding and
            the shared budget. Money that is pooled without trust is soon counted back into its old boxes, and trust
            that never has to share any money has not been tested yet.
            """
        )
    ],
}

FOOD_AND_CORNWALL: dict[str, Any] = {
    "title": "Food and Cornwall",
    "place": "cornwall",
    "theme": "food-poverty",
    "programme": "local-vision",
    "introduction": (
        "The aim was to create food wealth, so that no one in Cornwall goes hungry. A learning history made from 23 "
        "interviews tells the story of the work."
    ),
    "search_description": (
        "Food and Cornwall set out to create food wealth so that no one in Cornwall goes hungry. Its learning history "
        "draws on 23 interviews."
    ),
    "challenge": [
        text(
            """
            Food poverty is seldom only about food. Low pay, high rent, a lost job or a long illness can each empty a
            cupboard, and so can living far from a shop that one can afford. No single organisation deals with all of
            that, and a food parcel deals with none of it, however much it is needed on the day.

            Food and Cornwall did not describe its aim as less of something bad. It set out to create food wealth, so
            that no one in Cornwall goes hungry. That is a different thing to ask people to join in.
            """
        )
    ],
    "what_was_done": [
        text(
            """
            Food poverty was the one defined issue of Cornwall’s Local Vision, and enablers supported the work.

            So that others could learn from it, a learning history was made from 23 interviews. A learning history lets
            many people tell one story. It sets what they saw, what they thought and where they differ side by side,
            and leaves readers to draw conclusions for their own place.
            """
        )
    ],
    "outcomes": [
        {
            "type": "figure",
            "value": {
                "figure": "23",
                "unit": "interviews",
                "measure": "went into the learning history of the work",
                "source": "Learning history of Food and Cornwall",
                "date": "",
            },
        },
    ],
    "learned": [
        text(
            """
            Words shape work. People who set out to reduce poverty look for what is missing. People who set out to
            create wealth look for what is there already, and for who could help it to grow.

            A learning history also keeps its makers honest, because the people who were interviewed will read it.
            """
        )
    ],
}

# Oldest first: lists show the newest at the top.
STORIES: dict[str, dict[str, Any]] = {
    "cohort-alumni": COHORT_ALUMNI,
    "gloucestershire": GLOUCESTERSHIRE,
    "alcohol-strategy": ALCOHOL_STRATEGY,
    "food-and-cornwall": FOOD_AND_CORNWALL,
}
