"""The words of the privacy notice: true to what this software does, and plain where only the charity can know."""

from core.writing import Block, heading, text

INTRODUCTION = (
    "What this website keeps about you, why, and what you can ask of us. In short: nothing, unless you sign up for our "
    "newsletter."
)
BODY: list[Block] = [
    heading("Who is responsible"),
    text(
        """
        The Leadership Centre, a UK charity, decides why and how the information described here is used. Data
        protection law calls it the controller.

        <b>Sample text:</b> the charity completes this section with its registered name, its charity number, its
        address, and how to reach the person who deals with questions about personal information.
        """
    ),
    heading("If you only read"),
    text(
        """
        This website sets no cookies for readers. It does not count or follow visits, it shows no advertising, and its
        pages load nothing from other companies. So there is no banner that asks you to accept anything. Our record of
        requests notes which page was asked for and when, and nothing about who asked.

        Where a page has a video, it is loaded from YouTube or Vimeo only if you ask for it. From then on that
        company’s own rules apply. The people who edit this website log in, and need a cookie to stay logged in.

        <b>Sample text:</b> if the company that hosts the website keeps records of its own, the charity says so here.
        """
    ),
    heading("If you join the mailing list"),
    text(
        """
        You give us your email address and, if you like, your first and last name. With them we keep:

        - the exact words that you agreed to, and which version of them it was
        - the date and time, the page on which you signed up, and its language
        - whether you were to confirm by email
        - where your subscription stands, and the steps that led there, such as waiting, subscribed or unsubscribed
        - the number by which Mailchimp knows your address

        We use your address to send you the newsletter, and we rely on your consent. We keep the words, the time and
        the page because the law expects us to be able to show that you agreed.

        Your internet address is not kept with your sign-up. To stop misuse, the website counts how many sign-ups come
        from one connection in an hour. It holds that count for at most an hour, under a code from which the
        connection cannot be read.
        """
    ),
    heading("Who else receives it"),
    text(
        """
        We send the newsletter through Mailchimp, a service of Intuit in the United States, which acts for us as a
        processor. Mailchimp receives your email address, the names you gave, your language and the time you signed
        up. If our list asks for confirmation, Mailchimp sends you the email that asks for it. It tells this website
        whether you have confirmed, left, or could not be reached. You can read
        <a href="https://mailchimp.com/legal/">Mailchimp’s own terms and privacy statement</a>.

        Mailchimp can record whether a newsletter was opened and which of its links were followed. This website
        passes your details to nobody else.

        <b>Sample text:</b> the charity says here whether it has turned that recording off, and which legal safeguard
        covers the transfer of personal information to the United States.
        """
    ),
    heading("For how long"),
    text(
        """
        You can leave at any time, with the link at the end of every newsletter. We then send you nothing more, and
        keep a note that you have left, so that you are not added again by mistake.

        <b>Sample text:</b> the charity states here how long it keeps the details of people who have left and of
        people who never confirmed, and how it deletes them.
        """
    ),
    heading("Your rights"),
    text(
        """
        You can ask us:

        - for a copy of what we hold about you, also in a form that you can take elsewhere
        - to correct it
        - to delete it, or to use it only in a limited way
        - to stop sending you the newsletter

        You can withdraw your consent as easily as you gave it. What was done before you withdraw it stays lawful.

        Write to us and we will deal with it. If you are not content with our answer, you can
        <a href="https://ico.org.uk/make-a-complaint/">complain to the Information Commissioner’s Office</a>, which
        watches over personal information in the United Kingdom.
        """
    ),
]
