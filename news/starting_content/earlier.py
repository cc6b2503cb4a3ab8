"""Earlier news: the fields of each page, by slug.

Where only the month is known the date is its first day. Where the year is not known either the date is a sample,
which only puts the pieces into a plausible order, and the text does not speak of it.
"""

from datetime import date
from typing import Any

from core.writing import heading, question, text

INTERVIEW: dict[str, Any] = {
    "title": "From the Mezzanine: questions to a Project Officer",
    "date": date(2018, 10, 1),  # a sample
    "category": "mezzanine",
    "tags": ["interview", "office"],
    "introduction": (
        "What does the Leadership Centre do, and why did it move to Old Street? Six questions about the work, with "
        "sample answers."
    ),
    "search_description": (
        "Questions to a Project Officer of the Leadership Centre at CAN Mezzanine, Old Street: the work, the enablers "
        "and the new office."
    ),
    "body": [
        text(
            """
            <b>Sample text.</b> This piece shows how an interview looks on this website. No Project Officer has been
            quoted: the answers below were written for the purpose and say only what is known about the Leadership
            Centre. The charity replaces them with a real conversation.
            """
        ),
        heading("The interview"),
        question(
            "What is the Leadership Centre?",
            """
            We are a charity that develops public-service leaders. We opened in 2004 and have been a charity since 2008.
            What we work for is large, lasting change in public services, for the benefit of citizens.
            """,
        ),
        question(
            "And what does that look like on an ordinary day?",
            """
            There are three kinds of work. Some of it is in places: a place takes on an issue such as food poverty or
            alcohol, and we shape the support to fit. Some of it is with groups of leaders, who help to design what they
            learn. And some of it reaches across the country, together with national government, as Total Place did.
            """,
        ),
        question(
            "You speak of ‘enablers’. Who are they?",
            """
            Experienced practitioners who support the places. The tools, approaches and skills that they use are in our
            book, The Art of Change Making.
            """,
        ),
        question(
            "Which programme should people know about?",
            """
            There are two to begin with. Future Vision is the flagship: each year it brings together 20 to 25 senior
            leaders of the public, private and voluntary sectors. Local Vision went to about 50 places, and each of
            them worked on one defined social issue.
            """,
        ),
        question(
            "Why CAN Mezzanine?",
            """
            For the building, which is a creative one, for the mix of organisations in it, and for the chances to
            collaborate.
            """,
        ),
        question(
            "Does the work make a difference?",
            """
            In 2016 all current and past participants were asked. The answers were overwhelmingly positive, on effect
            and on progress. And there are stories from places, with what changed in each of them.
            """,
        ),
    ],
    "related": [
        ("home.about", "More about the Leadership Centre"),
        ("news.article.can-mezzanine", "More about the office space at CAN Mezzanine"),
    ],
}

CAN_MEZZANINE: dict[str, Any] = {
    "title": "We have moved into CAN Mezzanine",
    "date": date(2018, 9, 1),  # a sample
    "category": "mezzanine",
    "tags": ["office"],
    "introduction": (
        "The Leadership Centre has moved into CAN Mezzanine in Old Street, London: a creative building, shared with "
        "organisations of many kinds."
    ),
    "search_description": (
        "The Leadership Centre moves into CAN Mezzanine, Old Street, London: a creative building, a mix of "
        "organisations, chances to collaborate."
    ),
    "body": [
        text(
            """
            The Leadership Centre has a new home. We have moved into CAN Mezzanine, in Old Street, London.
            """
        ),
        heading("Why we chose it"),
        text(
            """
            - <b>The building is a creative one.</b> We spend our days asking other people to think differently, and it
              helps to do so in rooms that were not made for thinking the same.
            - <b>It is shared with a mix of organisations.</b> Much of our work is about what happens when people with
              different purposes meet. Now some of that happens on the stairs.
            - <b>It gives us chances to collaborate.</b> The best conversations about a hard problem are often with
              somebody who has never met it before.
            """
        ),
        heading("A question in return"),
        text(
            """
            We tell leaders to look beyond their own organisation. A shared building puts the same question to us: what
            could we do with the people next door that neither of us could do alone?
            """
        ),
    ],
    "related": [
        ("news.article.mezzanine-interview", "Questions to a Project Officer"),
        ("home.about", "More about the Leadership Centre"),
    ],
}

CHANGE_MAKING_WEBSITE: dict[str, Any] = {
    "title": "From a book to a map: The Art of Change Making goes online",
    "date": date(2018, 2, 1),  # a sample
    "category": "publications",
    "tags": ["The Art of Change Making"],
    "introduction": (
        "After two years of work The Art of Change Making is an interactive website, which shows how its approaches "
        "connect and complement each other."
    ),
    "search_description": (
        "After two years’ work The Art of Change Making is an interactive website that shows how approaches to change "
        "connect."
    ),
    "body": [
        text(
            """
            A book puts one thing after another. Somebody who reads it from the front meets an approach on page
            twenty, and the one that it needs beside it two hundred pages later. For ideas that are used together, that
            is a drawback.

            So we have spent two years on an interactive website. It shows the approaches of The Art of Change Making
            with the connections between them: what builds on what, what complements what, and what is an alternative to
            what.
            """
        ),
        heading("How to use it"),
        text(
            """
            Begin with an approach that you know. See what it is connected to and why. Follow one of the connections,
            and then another. The third or fourth step may well take you to something that you had never heard of, and
            that has to do with the difficulty you came with.
            """
        ),
        heading("What it is not"),
        text(
            """
            It is not a machine that takes in a problem and gives out a method. The connections are offers. Which of
            them helps is for you to read, in your own place.
            """
        ),
    ],
    "related": [
        ("changemaking.index", "Explore The Art of Change Making"),
        ("news.article.art-of-change-making-book", "The book"),
    ],
}

SURVEY: dict[str, Any] = {
    "title": "What participants say: the survey of 2016",
    "date": date(2016, 12, 1),  # the year is known, the month is a sample
    "category": "publications",
    "tags": ["survey", "evidence"],
    "introduction": (
        "We asked all our participants, past and present, about the effect of our work and about progress. Their "
        "answers are overwhelmingly positive."
    ),
    "search_description": (
        "In 2016 the Leadership Centre surveyed all current and past participants. The answers were overwhelmingly "
        "positive, on effect and progress."
    ),
    "body": [
        text(
            """
            It is tempting to ask only the people who are sure to have liked it. In 2016 we surveyed all of our
            participants, the current ones and the past ones, from the public, voluntary and private sectors.

            The answers were overwhelmingly positive, both on the effect of the work and on progress.
            """
        ),
        heading("Read it for yourself"),
        text(
            """
            You need not take our word for it: the full results belong in a document that anyone can download.

            <b>Sample text:</b> the document below says what the survey was. The charity adds the full results to it.
            """
        ),
    ],
    "document": "home.survey-2016",
    "related": [("home.about", "More about us"), ("programmes.stories", "Stories from places")],
}

CHANGE_MAKING_BOOK: dict[str, Any] = {
    "title": "The Art of Change Making: the book",
    "date": date(2016, 3, 1),  # a sample
    "category": "publications",
    "tags": ["The Art of Change Making", "enablers"],
    "introduction": (
        "What do enablers carry in their bags? The Art of Change Making gathers the tools, approaches and skills that "
        "they use."
    ),
    "search_description": (
        "The Art of Change Making is a book of the tools, approaches and skills that enablers use when they support "
        "places through change."
    ),
    "body": [
        text(
            """
            Our enablers are experienced practitioners. Ask one of them what to do about a problem and you will
            probably get a question back. Ask what they know and you get an armful of books. The Art of Change Making
            brings it all together: the tools, approaches and skills that enablers use.
            """
        ),
        heading("What is in it"),
        text(
            """
            There are ways of understanding systems, among them living systems, wicked problems and Cynefin. There are
            ways of leading change, such as adaptive leadership and Theory U. There are ways of working together, from
            dialogue to Open Space, ways of working with story and meaning, and ways of working on oneself.
            """
        ),
        heading("What is not in it"),
        text(
            """
            You will find no blueprint. None of the approaches is right in every place, and some of them disagree with
            each other. We do not mind. Where they disagree is often where the learning is.
            """
        ),
    ],
    "related": [("changemaking.index", "Explore The Art of Change Making")],
}

LOCAL_VISION_EVALUATION: dict[str, Any] = {
    "title": "Local Vision: the evaluation is complete",
    "date": date(2015, 10, 1),
    "category": "publications",
    "tags": ["Local Vision", "evidence"],
    "introduction": (
        "The University of the West of England has evaluated Local Vision. Its final report was published in October "
        "2015."
    ),
    "search_description": (
        "October 2015: the University of the West of England has published the final report of its evaluation of Local "
        "Vision."
    ),
    "body": [
        text(
            """
            Local Vision began in 2013, as part of Systems Leadership. About 50 places took part. Each of them worked on
            one defined social issue, and enablers supported them.

            The University of the West of England has evaluated it. The final report came out in October 2015.
            """
        ),
        heading("Why evaluate work like this?"),
        text(
            """
            It is not easy to evaluate work that looks different in every place. Nobody can set it beside a place where
            nothing happened, for there is none, and much of what changes is between people, where few instruments
            reach. That is no reason not to try. Those who pay for public services, which is all of us, may expect to
            hear what came of it, and those who did the work deserve to see it through other eyes.
            """
        ),
        heading("Stories from the places"),
        text(
            """
            Beside the evaluation there are the stories. Three of them can be read on this website: of food poverty in
            Cornwall, of obesity across generations in Gloucestershire, and of the alcohol strategy of a Health and
            Wellbeing Board.
            """
        ),
    ],
    "related": [
        ("programmes.programme.local-vision", "About Local Vision"),
        ("programmes.stories", "Stories from places"),
    ],
}

EARLIER: dict[str, dict[str, Any]] = {
    "local-vision-evaluation": LOCAL_VISION_EVALUATION,
    "art-of-change-making-book": CHANGE_MAKING_BOOK,
    "survey-2016": SURVEY,
    "art-of-change-making-website": CHANGE_MAKING_WEBSITE,
    "can-mezzanine": CAN_MEZZANINE,
    "mezzanine-interview": INTERVIEW,
}
