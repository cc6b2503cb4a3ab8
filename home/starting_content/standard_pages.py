"""The words of About us, Contact and the accessibility statement."""

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

ACCESSIBILITY_INTRODUCTION = (
    "Everybody should be able to use this website. Here is what we have done so that people can, what nobody has "
    "checked yet, and how to tell us when something does not work."
)
ACCESSIBILITY: list[Block] = [
    heading("What we aim for"),
    text(
        """
        This website is built to meet level AA of the Web Content Accessibility Guidelines (WCAG), version 2.2. For the
        contrast of text with its background it aims higher, at level AAA. In practice you should be able to:

        - read and use every page with a keyboard, a screen reader or a speech program
        - enlarge the text to 400% without having to scroll sideways
        - use every page, the sign-up form included, with JavaScript turned off
        - choose a dark display, high contrast or less movement in your own device, and see it respected here
        """
    ),
    heading("How we know, and what we do not know"),
    text(
        """
        While the website was built it was checked by its makers and by automatic tests. It has not been audited by
        a third party, and it has not yet been tried out with disabled people. Automatic tests find only a part of what
        can go wrong, so there may be faults that we have not noticed.
        """
    ),
    heading("Where you may meet difficulties"),
    text(
        """
        - Documents to download may have been made by others, and some may not work well with a screen reader. Ask us,
          and we will try to give you the content in another form.
        - Videos are played by YouTube or Vimeo, whose players we cannot change.
        - The maps and the network of approaches are drawings. Everything that they show is also said in words on the
          same page.
        """
    ),
    heading("Tell us"),
    text(
        """
        If something on this website keeps you from what you came for, please write to us and say which page it was and
        what happened. You need not know the technical reason.

        <b>Sample text:</b> the charity says here how soon it answers, and adds the date on which it last reviewed this
        statement.
        """
    ),
]
