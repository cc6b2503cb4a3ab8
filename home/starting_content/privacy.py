"""The words of the privacy notice: true to what this software does, and plain where only the charity can know.

Tests hold the periods against newsletter.retention and core's settings. Sources: UK GDPR Art. 13 (what a notice says),
PECR reg. 6 (cookies) and reg. 22 (marketing by email).
"""

from core.writing import Block, heading, table, text

INTRODUCTION = (
    "What this website keeps about you, why, for how long, and what you can ask of us. If you only read, it keeps "
    "nothing about you."
)
BODY: list[Block] = [
    heading("Who is responsible"),
    text(
        """
        The Leadership Centre, a UK charity, decides why and how your information is used. The law calls us the
        controller.

        <b>Sample text:</b> the charity completes this section with its registered name, its charity number, its
        address, and how to reach the person who answers questions about personal information.
        """
    ),
    heading("If you only read"),
    text(
        """
        This website sets no cookies for readers. It does not follow your visit, it shows no advertising, and its
        pages load nothing from other companies. So no banner asks you to accept anything. Our record of requests
        notes which page was asked for and when. It does not note your internet address, your browser or the words
        that you searched for.

        If a page has a video, your browser loads it from YouTube or Vimeo only when you ask for it. From then on that
        company’s own rules apply. People who edit this website log in, and need a cookie to stay logged in.

        <b>Sample text:</b> if the company that hosts the website keeps records of its own, the charity says so here.
        """
    ),
    heading("If you search, or tell us what you think of a page"),
    text(
        """
        We count how often words are searched for, so that we can see what people cannot find. We do not know who
        searched.

        Where a page asks whether it was helpful, we keep your answer, the page and the time, and your comment if you
        write one. We do not ask who you are. Please leave personal details out of the comment. To stop misuse, the
        website counts for an hour how many answers come from one connection, under a code that nobody can read without
        our key. We rely on our legitimate interest in a website that people can use.
        """
    ),
    heading("If you join the mailing list"),
    text(
        """
        You give us your email address. If you like, you also give us your first and last name and the topics that
        interest you. With them we keep:

        - the exact words that you agreed to, and which version of them it was
        - the date and time, the page on which you signed up, and its language
        - whether you were asked to confirm by email
        - where your subscription stands, and the steps that led there, such as waiting, subscribed or unsubscribed
        - the number by which Mailchimp knows your address

        We use these details to send you the newsletter. We rely on your consent. We keep the words, the time and the
        page because the law expects us to be able to show that you agreed.

        We do not keep your internet address with your sign-up. To stop misuse, we keep for a short time that a form
        was sent, from which connection and for which address. Both are stored as codes that nobody can read without
        our key. We rely on our legitimate interest in keeping the list free of false sign-ups.
        """
    ),
    heading("Who else receives it"),
    text(
        """
        We send the newsletter through Mailchimp, a service of Intuit in the United States, which acts for us as a
        processor. Mailchimp receives your email address, the names and topics you gave, your language, and the page
        and time of your sign-up. It may also receive a link to your own page of preferences on this website. If our
        list asks for confirmation, Mailchimp sends you the email that asks for it. It tells this website whether you
        have confirmed, left, or could not be reached. You can read
        <a href="https://mailchimp.com/legal/">Mailchimp’s own terms and privacy statement</a>.

        Mailchimp can record whether you opened a newsletter and which of its links you followed. This website passes
        your details to nobody else.

        <b>Sample text:</b> the charity says here whether it has turned that recording off, and which legal safeguard
        covers the transfer of personal information to the United States.
        """
    ),
    heading("For how long"),
    table(
        "How long this website keeps each kind of information",
        ("What", "How long"),
        (
            ("Your details, while you are on the mailing list", "Until you leave"),
            ("A sign-up that you never confirmed", "60 days"),
            ("Messages from Mailchimp about you", "30 days"),
            ("The record of each delivery to Mailchimp", "12 months; the latest one as long as your details"),
            ("That a sign-up form was sent, as a code", "1 day"),
            ("A comment on whether a page was helpful", "12 months"),
        ),
    ),
    text(
        """
        You can leave at any time, with the link at the end of every newsletter. We then send you nothing more. We keep
        your details and the record of what you agreed to, so that we do not add you again by mistake and can show that
        we wrote to you lawfully. We delete them when you ask us to.

        When we delete your details, we delete them at Mailchimp too. What stays is a code, from which nobody can read
        your address. It keeps an old copy of the list from bringing you back.

        <b>Sample text:</b> the charity says here after how many years it deletes the details of people who have left,
        and how long it keeps backups.
        """
    ),
    heading("Your rights"),
    text(
        """
        You can ask us:

        - for a copy of what we hold about you, also in a form that you can take elsewhere
        - to correct it
        - to delete it, or to use it only in a limited way
        - to stop using it where we rely on our legitimate interest
        - to stop sending you the newsletter

        You can withdraw your consent as easily as you gave it. What was done before you withdraw it stays lawful. We
        make no decisions about you by computer alone.

        Write to us, and we will answer within a month. If you are not content with our answer, you can
        <a href="https://ico.org.uk/make-a-complaint/">complain to the Information Commissioner’s Office</a>, which
        watches over personal information in the United Kingdom.
        """
    ),
]
