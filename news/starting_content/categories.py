"""The categories of news: name, slug, description."""

CATEGORIES = [
    ("Events", "events", "Anniversaries and other occasions on which we met."),
    ("Mezzanine", "mezzanine", "Our time at CAN Mezzanine in Old Street, London, and the people who worked there."),
    ("Programmes", "programmes", "What is new in our programmes, and what became of earlier ones."),
    ("Publications", "publications", "Books, reports and surveys by us and about our work."),
]
