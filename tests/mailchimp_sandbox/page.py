"""The page a newcomer sees at `/`, and the hosted sign-up form. Plain HTML: no JavaScript, nothing from outside."""

from html import escape

from .campaigns import Campaign
from .contact import Contact
from .service import Record, Service
from .style import STYLE

#: Rows shown of each table, newest first.
MOST_CONTACTS = 200
MOST_REQUESTS = 25

DONE = {
    "confirm": "The contact confirmed and is subscribed.",
    "unsubscribe": "The contact unsubscribed.",
    "clean": "The contact's mailbox bounced.",
    "settings": "The setting was changed.",
    "faults": "The stand-in now misbehaves.",
    "clear-faults": "The stand-in is back to normal.",
    "reset": "Everything was forgotten.",
}

#: What each row offers: address, label, statuses that have it.
BUTTONS = (
    ("confirm", "Confirm", ("pending",)),
    ("unsubscribe", "Unsubscribe", ("subscribed", "transactional")),
    ("clean", "Bounce", ("subscribed", "pending", "unsubscribed", "transactional")),
)

#: Value and label of the misbehaviours offered on the page; the control address knows more.
FAULT_CHOICES = (
    ("akamai", "answer 503, as in an outage"),
    ("hang", "never answer"),
    ("reset", "reset the connection"),
    ("html", "answer with an HTML error page"),
    ("empty", "answer 429, too many requests"),
)


def document(title: str, body: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )


def render(service: Service, *, done: str = "", error: str = "") -> str:
    """The page, with a word on what was just done or why it could not be."""
    with service.audience.lock:
        contacts = sorted(service.audience.contacts.values(), key=lambda c: c.last_changed, reverse=True)
        body = (
            "<main>\n<h1>Stand-in for Mailchimp</h1>\n"
            "<p>This is a stand-in for Mailchimp on this machine; no e-mail is sent. It remembers who signed up, "
            "and you play the readers: confirm, unsubscribe, or let a mailbox bounce.</p>\n"
            + _notice(done, error)
            + _errors(service)
            + _contacts(contacts)
            + _campaigns(service)
            + _settings(service)
            + _requests(list(service.log))
            + _connection(service)
            + "</main>\n"
        )
    return document("Stand-in for Mailchimp", body)


def _notice(done: str, error: str) -> str:
    if error:
        return f'<p role="alert" class="notice bad">{escape(error)}</p>\n'
    return f'<p role="status" class="notice">{DONE[done]}</p>\n' if done in DONE else ""


def _errors(service: Service) -> str:
    if not service.errors:
        return ""
    return (
        f"<section>\n<h2>{len(service.errors)} errors of the stand-in itself"
        f'</h2>\n<pre tabindex="0">{escape(service.errors[-1])}</pre>\n</section>\n'
    )


def _form(action: str, inside: str) -> str:
    return f'<form method="post" action="/_sandbox/{action}">{inside}</form>'


def _settings(service: Service) -> str:
    double = service.audience.double_optin
    state = "on: a new contact must confirm" if double else "off: a new contact is subscribed at once"
    switch = (
        f'<input type="hidden" name="double_optin" value="{"false" if double else "true"}">'
        f"<button>Turn double opt-in {'off' if double else 'on'}</button>"
    )
    options = "".join(f'<option value="{kind}">{label}</option>' for kind, label in FAULT_CHOICES)
    choose = (
        f'<label for="kind">To every request,</label> <select id="kind" name="kind">{options}</select> '
        "<button>Misbehave</button>"
    )
    faults = service.faults.current()
    now = ""
    if faults:
        kinds = ", ".join(escape(fault.kind) for fault in faults)
        now = f"<p><strong>Misbehaving now:</strong> {kinds}.</p>\n" + _form(
            "clear-faults", "<button>Back to normal</button>"
        )
    return (
        "<section>\n<h2>Settings</h2>\n"
        f"<p>Double opt-in is <strong>{state}</strong>.</p>\n{_form('settings', switch)}\n"
        f"{_form('faults', choose)}\n{now}</section>\n"
    )


def _table(label: str, headings: tuple[str, ...], rows: list[str]) -> str:
    head = "".join(f'<th scope="col">{heading}</th>' for heading in headings)
    return (
        f'<div class="scroll" role="region" aria-label="{label}" tabindex="0">\n<table>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n" + "".join(rows) + "</tbody>\n</table>\n</div>\n"
    )


def _contacts(contacts: list[Contact]) -> str:
    title = f"<section>\n<h2>Contacts ({len(contacts)})</h2>\n"
    if not contacts:
        return title + "<p>None yet. Sign up on the website, and the address appears here.</p>\n</section>\n"
    shown = contacts[:MOST_CONTACTS]
    note = ""
    if len(contacts) > len(shown):
        note = f"<p>The {len(shown)} that changed last are shown.</p>\n"
    headings = ("Address", "You may", "Status", "Confirmation mails", "Name", "Changed")
    return title + note + _table("Contacts", headings, [_contact_row(c) for c in shown]) + "</section>\n"


def _contact_row(contact: Contact) -> str:
    email = escape(contact.email)
    buttons = "".join(
        _form(
            action,
            f'<input type="hidden" name="email" value="{email}"><button aria-label="{label} {email}">{label}</button>',
        )
        for action, label, statuses in BUTTONS
        if contact.status in statuses
    )
    status = "unsubscribed (complaint)" if contact.complained else contact.status
    cells = (
        f'<div class="buttons">{buttons or "nothing"}</div>',
        escape(status),
        str(contact.confirmation_mails),
        escape(contact.full_name),
        _time(contact.last_changed),
    )
    return f'<tr><th scope="row">{email}</th>' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>\n"


def _time(moment: str) -> str:
    return f'<time datetime="{escape(moment)}">{escape(moment[:19].replace("T", " "))}</time>'


def _campaigns(service: Service) -> str:
    campaigns = service.campaigns.all()
    if not campaigns:
        return ""
    rows = [_campaign_row(campaign) for campaign in reversed(campaigns)]
    headings = ("Subject", "Status", "To be sent or sent (UTC)", "Test emails", "Recipients")
    return "<section>\n<h2>Campaigns</h2>\n" + _table("Campaigns", headings, rows) + "</section>\n"


def _campaign_row(campaign: Campaign) -> str:
    cells = (
        escape(campaign.status),
        _time(campaign.send_time) if campaign.send_time else "",
        str(sum(len(mailing.emails) for mailing in campaign.tests)),
        str(sum(len(mailing.emails) for mailing in campaign.sent)),
    )
    subject = escape(campaign.settings.get("subject_line", ""))
    return f'<tr><th scope="row">{subject}</th>' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>\n"


def _requests(records: list[Record]) -> str:
    title = "<section>\n<h2>Latest requests</h2>\n"
    if not records:
        return title + "<p>The website has not asked for anything yet.</p>\n</section>\n"
    headings = ("Time (UTC)", "Method", "Path", "Answer", "Fault", "Took")
    rows = [_request_row(record) for record in reversed(records[-MOST_REQUESTS:])]
    return title + _table("Latest requests", headings, rows) + "</section>\n"


def _request_row(record: Record) -> str:
    cells = (
        f"{record.time:%H:%M:%S}",
        record.method,
        record.shown_path,
        str(record.status or "none"),
        record.fault,
        f"{record.seconds * 1000:.0f} ms",
    )
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>\n"


def _connection(service: Service) -> str:
    hooks = list(service.webhooks.hooks.values())
    told = f"{len(hooks)} registered, {sum(d.delivered for d in service.webhooks.deliveries)} events delivered"
    return (
        "<section>\n<h2>Connection</h2>\n<dl>\n"
        f"<dt>Address of the API</dt><dd><code>{escape(service.base_url)}</code></dd>\n"
        f"<dt>Audience</dt><dd><code>{escape(service.audience.id)}</code></dd>\n"
        f"<dt>Webhooks</dt><dd>{told if hooks else 'none registered'}</dd>\n</dl>\n"
        '<p><a href="/">Reload this page</a> · <a href="/_sandbox/subscribe">Hosted sign-up form</a></p>\n'
        f"{_form('reset', '<button>Forget everything</button>')}\n</section>\n"
    )


def render_hosted_form(service: Service, *, done: bool = False) -> str:
    """The form that Mailchimp hosts for an audience: the way back for who cannot return through the API."""
    fields = (
        '<p><label for="email">E-mail address</label> '
        '<input id="email" name="email" type="email" required autocomplete="email"></p>'
        "<button>Subscribe</button>"
    )
    said = '<p role="status" class="notice">Almost there: please confirm.</p>\n' if done else ""
    body = (
        "<main>\n<h1>Hosted sign-up form</h1>\n<p>This stands for the form that Mailchimp hosts. No e-mail is "
        f'sent; confirm on the <a href="/">stand-in\'s page</a>.</p>\n{said}{_form("subscribe", fields)}\n</main>\n'
    )
    return document("Hosted sign-up form (stand-in for Mailchimp)", body)
