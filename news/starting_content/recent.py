"""News of the anniversary years: the fields of each page, by slug.

Where only the month is known the date is its first day.
"""

from datetime import date
from typing import Any

from core.writing import heading, key_figures, sign_up, text

TWENTY_ONE_YEARS: dict[str, Any] = {
    "title": "Twenty-one years of the Leadership Centre",
    "date": date(2025, 6, 1),
    "category": "events",
    "tags": ["anniversary", "history"],
    "introduction": (
        "The Leadership Centre turns twenty-one. It is an age at which one looks back a little, and forward a good "
        "deal more."
    ),
    "search_description": (
        "June 2025: the Leadership Centre is twenty-one years old. What has stayed the same since 2004, and what we "
        "are still learning."
    ),
    "body": [
        text(
            """
            In June 2025 we marked twenty-one years of the Leadership Centre. Organisations come of age in much the same
            way as people: they are a little less sure than they were at twenty, and better company for it.
            """
        ),
        heading("What has stayed the same"),
        text(
            """
            We still begin with a place, because every place differs. We still think that politics matters, and that
            those who wish it away seldom change anything. We still believe that leading is about relational skills, and
            that the citizen is central to all of it.

            And we still think that theory and practice need each other, which is a polite way of saying that we go on
            being wrong, finding out and trying again.
            """
        ),
        heading("What we would like next"),
        text(
            """
            More of what has worked, done by more people than us. Large and lasting change in public services was never
            going to be the work of one charity. If you have been part of it, on a programme or in a place, this
            birthday is yours too.
            """
        ),
    ],
    "related": [("home.beliefs", "Our five beliefs"), ("news.article.twenty-years", "Twenty years: the anniversary")],
}

FUTURE_VISION_2025: dict[str, Any] = {
    "title": "Future Vision 2025",
    "date": date(2025, 5, 1),
    "category": "programmes",
    "tags": ["Future Vision", "adaptive leadership"],
    "introduction": (
        "Our flagship programme for senior leaders in 2025: who it brings together, and why strangers make such good "
        "company for learning."
    ),
    "search_description": (
        "Future Vision 2025: how our flagship programme brings senior leaders of all sectors together for adaptive "
        "leadership and peer learning."
    ),
    "body": [
        text(
            """
            May 2025 brought Future Vision 2025. Future Vision is our flagship programme, launched in 2012. Each year
            20 to 25 senior leaders from the public, private and voluntary sectors take part.
            """
        ),
        key_figures(("20 to 25", "senior leaders take part each year"), ("2012", "the year it was launched")),
        heading("Strangers with the same problem"),
        text(
            """
            Council leaders and chief executives, police and fire chiefs, NHS chief executives, senior civil servants,
            members of the armed forces, ambassadors, police and crime commissioners and chief executives of charities
            have taken part. They do not share a profession. What they share is that most of what they are held
            responsible for lies outside what they control.

            That is where adaptive leadership begins, and it is the heart of the programme. The participants shape the
            content themselves, and they learn with coaching and from each other.
            """
        ),
        heading("Here and over there"),
        text(
            """
            In recent years the programme has met in several places in the United Kingdom. A residential in Boston, in
            the United States, has been part of it too.
            """
        ),
        sign_up("Hear about the next one", "News of our programmes and stories from places, by email."),
    ],
    "related": [("programmes.programme.future-vision", "About Future Vision")],
}

TWENTY_YEARS: dict[str, Any] = {
    "title": "Twenty years: the anniversary at the BT Tower",
    "date": date(2024, 10, 1),
    "category": "events",
    "tags": ["anniversary"],
    "introduction": (
        "In October 2024 the Leadership Centre was twenty years old. We celebrated at the BT Tower in London, from "
        "where you can see a good many places at once."
    ),
    "search_description": (
        "In October 2024 the Leadership Centre celebrated its 20th anniversary at the BT Tower in London. Twenty years "
        "in five dates."
    ),
    "body": [
        text(
            """
            A tower is a fitting spot to think about the work we do. From up there a place looks whole: you see no line
            between one service’s area and the next, and nobody’s budget. You also see no people, which is why we came
            down again.
            """
        ),
        heading("Twenty years in five dates"),
        text(
            """
            - <b>2004:</b> the Leadership Centre opens, having grown out of the Leadership Development Commission of
              2002 and 2003.
            - <b>2008:</b> it becomes a charity.
            - <b>2009 to 2010:</b> Total Place, with national government, in 13 pilot areas.
            - <b>2012:</b> the launch of Future Vision.
            - <b>2013:</b> the beginning of Local Vision, which came to about 50 places.
            """
        ),
        heading("Thank you"),
        text(
            """
            To everyone who has taken part, in a cohort or in a place: thank you for your company, and for telling
            us when you thought we were wrong.
            """
        ),
    ],
    "related": [
        ("news.article.how-we-began", "How we began"),
        ("news.article.looking-back-at-total-place", "Looking back at Total Place"),
    ],
}

HOW_WE_BEGAN: dict[str, Any] = {
    "title": "Looking back: how we began",
    "date": date(2024, 10, 1),
    "tags": ["anniversary", "history"],
    "introduction": (
        "From a commission to a centre, and from a centre to a charity: a short account of our first years, for the "
        "anniversary."
    ),
    "search_description": (
        "How the Leadership Centre began: from the Leadership Development Commission of 2002-03 to the opening in 2004 "
        "and a charity in 2008."
    ),
    "body": [
        text(
            """
            The Leadership Centre did not start from nothing. In 2002 and 2003 there was a Leadership Development
            Commission. The Centre grew out of it and opened in 2004.
            """
        ),
        heading("A charity since 2008"),
        text(
            """
            In 2008 the Leadership Centre became a charity. To us that is more than a legal form. A charity exists for
            the public benefit, and the benefit that we look for has always been the citizen’s: public services that
            work better because the people who lead them work better together.
            """
        ),
        heading("What we have kept"),
        text(
            """
            The ways of working have changed over the years, as they should. The purpose has not. We want to see
            large, lasting movements of change in public services, wherever the traditional approach no longer works.
            """
        ),
    ],
    "related": [("home.about", "More about us")],
}

TOTAL_PLACE: dict[str, Any] = {
    "title": "Looking back at Total Place",
    "date": date(2024, 10, 1),
    "category": "programmes",
    "tags": ["Total Place", "history"],
    "introduction": (
        "In 2009 and 2010, 13 areas looked at everything that was spent in them as if it were one sum. For our "
        "anniversary we look at them once more."
    ),
    "search_description": (
        "Looking back at Total Place, 2009-10: 13 pilot areas, about £82bn of public spending and three strands, later "
        "taken up in over 80 areas."
    ),
    "body": [
        text(
            """
            Total Place was countrywide, and it was done together with national government. Thirteen pilot areas took
            part. In them were 63 local authorities, 34 primary care trusts, 13 police authorities and 12 fire
            authorities. What they spent came to about £82bn, some 20% of the public spending of the whole country.
            """
        ),
        key_figures(
            ("13", "pilot areas"),
            ("£82bn", "roughly what was spent in them, some 20% of all public spending"),
            ("Over 80", "areas that later took it up"),
        ),
        heading("More than counting"),
        text(
            """
            The money is easy to remember, because the figures were large. But counting was one strand of three. Culture
            was the second and citizen insight the third, and without them the first would have been an exercise for
            accountants.

            Later Total Place was taken up in over 80 areas. Its question travels well. It makes sense to anybody who
            knows a place and has wondered why its services do not add up.
            """
        ),
    ],
    "related": [("programmes.programme.total-place", "About Total Place")],
}

RECENT: dict[str, dict[str, Any]] = {
    "looking-back-at-total-place": TOTAL_PLACE,
    "how-we-began": HOW_WE_BEGAN,
    "twenty-years": TWENTY_YEARS,
    "future-vision-2025": FUTURE_VISION_2025,
    "twenty-one-years": TWENTY_ONE_YEARS,
}
