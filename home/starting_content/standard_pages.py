"""The words of About us, Contact and the accessibility statement."""

from datetime import date

from core.writing import Block, heading, text

ABOUT_INTRODUCTION = (
    "The Leadership Centre is a UK charity that develops public-service leaders. We opened in 2004, and have been a "
    "charity since 2008."
)
ABOUT: list[Block] = [
    heading("What we are here for"),
    text(
        """
        We want to see large, lasting movements of change in public services, for the benefit of citizens. By that we
        mean changes in culture, in behaviour, in thinking and in ways of working, wherever the traditional approach
        no longer works.

        We are devoted to public service, and for that very reason we are critical friends to it. Somebody who only
        ever agrees with you is little use when the problem is hard. We ask the awkward question, and then we stay
        to work on the answer.
        """
    ),
    heading("How we began"),
    text(
        """
        The Leadership Centre grew out of the Leadership Development Commission of 2002 and 2003. It opened in 2004
        and became a charity in 2008. In October 2024 we marked our twentieth anniversary at the BT Tower in London.
        """
    ),
    heading("What we do"),
    text(
        """
        - <b>Interventions in places.</b> Each is bespoke to its locality and works on a systemic issue: food poverty,
          female genital mutilation, alcohol and obesity are examples. Our core team and our enablers curate them,
          some as part of the Systems Leadership Alliance.
        - <b>Programmes for groups of leaders.</b> They are usually based on learning among peers, across sectors or
          within one profession, and their content is designed together with the participants.
        - <b>Countrywide initiatives.</b> We take part in them together with national government. Total Place was one.
        """
    ),
    heading("What participants told us"),
    text(
        """
        In 2016 we surveyed everybody who was taking part in our work or had taken part before, in the public,
        voluntary and private sectors. The answers were overwhelmingly positive, both on the effect of the work and
        on progress.
        """
    ),
]

CONTACT_INTRODUCTION = (
    "Is there a question in your place that no organisation can answer alone? Tell us about it. A first conversation "
    "commits nobody to anything."
)
CONTACT: list[Block] = [
    heading("How to reach us"),
    text(
        """
        <b>Sample text:</b> the charity adds its email address, telephone number and postal address here, and in the
        settings of the website, which show them at the foot of every page.
        """
    ),
    heading("What helps us to answer"),
    text(
        """
        - If it is about a place: where it is, what the issue is, and who is already working on it.
        - If it is about a programme: which one, and what you would like to get from it.
        - If it is about this website: the address of the page, and what did not work for you.
        """
    ),
]

# When somebody should check the accessibility statement and the privacy notice: a year after they were written.
REVIEW_BY = date(2027, 11, 22)

ACCESSIBILITY_INTRODUCTION = (
    "Everybody should be able to use this website. Here is how it was tested, where you may still meet difficulties, "
    "and how to tell us when something does not work."
)
# Modelled on the statement that GOV.UK asks of public bodies. Say only what was done: the tests are in tests/browser.
ACCESSIBILITY: list[Block] = [
    heading("How accessible this website is"),
    text(
        """
        The Leadership Centre runs this website. We want as many people as possible to be able to use it. You should be
        able to:

        - read and use every page with a keyboard, a screen reader or speech software
        - enlarge the text to 400% without having to scroll sideways
        - use every page, and sign up for the newsletter, with JavaScript turned off
        - choose a dark display, high contrast or less movement on your own device, and have this website follow it

        <a href="https://mcmw.abilitynet.org.uk/">AbilityNet has advice</a> on making your device easier to use if you
        have a disability.
        """
    ),
    heading("What standard it is built to"),
    text(
        """
        This website is built to meet level AA of the Web Content Accessibility Guidelines (WCAG), version 2.2. For the
        contrast of text with its background it aims higher, at level AAA. We know of no failure of level AA on our own
        pages. It has not been audited by a third party, and nobody with a disability has tested it for us yet. So there
        may be faults that we have not noticed.
        """
    ),
    heading("How it was tested"),
    text(
        """
        The makers of this website tested it. Whenever its software changes, automatic tests:

        - look at one page of every kind with axe, on a wide and on a narrow screen, in light and in dark colours
        - check that no page scrolls sideways on a screen of 320 pixels
        - use the menu with the keyboard alone, and with JavaScript turned off
        - follow every link, and check headings and titles

        Automatic tests find only a part of what can go wrong.
        """
    ),
    heading("Where you may meet difficulties"),
    text(
        """
        - Some documents to download may not work well with a screen reader. Ask us, and we will try to give you the
          content in another form.
        - YouTube and Vimeo play our videos, and we cannot change their players. A video may lack captions. Where we
          can, we give what is said in writing beneath it.
        - The maps and the network of approaches are drawings. Everything that they show is also said in words on the
          same page.
        - The pages in which our editors write are not covered by this statement.
        """
    ),
    heading("Tell us"),
    text(
        """
        If something on this website keeps you from what you came for, please write to us. Say which page it was and
        what happened. You need not know the technical reason. Tell us too if you need something in another format, such
        as large print, easy read or a recording.

        If you are not happy with how we answer, the
        <a href="https://www.equalityadvisoryservice.com/">Equality Advisory and Support Service</a> can advise you.

        <b>Sample text:</b> the charity says here how soon it answers.
        """
    ),
    heading("About this statement"),
    text(
        """
        This statement was prepared on 22 November 2026, when the website was last tested as described above. It is
        to be reviewed at least once a year, and whenever the website changes much.
        """
    ),
]
