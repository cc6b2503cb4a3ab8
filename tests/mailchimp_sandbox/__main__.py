"""`python -m tests.mailchimp_sandbox`: the stand-in as a process of its own."""

import argparse
import ipaddress
import signal
import sys
import threading
from pathlib import Path

from .sandbox import Sandbox
from .server import port_is_taken
from .service import DEFAULT_AUDIENCE, DEFAULT_KEY, Record
from .storage import StateFile


def loopback_host(text: str) -> str:
    address = "127.0.0.1" if text == "localhost" else text
    try:
        if ipaddress.ip_address(address).is_loopback:
            return address
    except ValueError:
        pass
    raise argparse.ArgumentTypeError("only a loopback address, such as 127.0.0.1")


def port_number(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError("a number from 0 (any free port) to 65535")


def parse_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.mailchimp_sandbox",
        description="A stand-in for Mailchimp on this machine: it remembers sign-ups and sends no e-mail. "
        "Its page shows the contacts and lets you confirm, unsubscribe or bounce them.",
    )
    parser.add_argument("--port", type=port_number, default=8025, help="default: %(default)s; 0: any free one")
    parser.add_argument("--host", type=loopback_host, default="127.0.0.1", help="default: %(default)s")
    optin = parser.add_mutually_exclusive_group()
    optin.add_argument(
        "--double-opt-in",
        dest="double_optin",
        action="store_true",
        default=None,
        help="the audience asks for confirmation (default, or what the state file says)",
    )
    optin.add_argument("--single-opt-in", dest="double_optin", action="store_false", help="the audience asks for none")
    parser.add_argument("--api-key", default=DEFAULT_KEY, metavar="KEY-us1", help="default: %(default)s")
    parser.add_argument("--audience", default=DEFAULT_AUDIENCE, metavar="ID", help="default: %(default)s")
    parser.add_argument("--state", type=Path, metavar="FILE", help="remember contacts and settings in FILE")
    parser.add_argument("--quiet", action="store_true", help="print errors only")
    return parser.parse_args(arguments)


def report(record: Record) -> None:
    outcome = record.status or "no answer"
    fault = f" ({record.fault})" if record.fault else ""
    milliseconds = round(record.seconds * 1000)
    print(
        f"{record.time:%H:%M:%S} {record.method} {record.shown_path} {outcome}{fault} {milliseconds} ms",
        flush=True,
    )


def announce(sandbox: Sandbox) -> None:
    print(f"Stand-in for Mailchimp: {sandbox.service.site_url}/  (no e-mail is sent; Ctrl-C ends it)")
    print(f"  MAILCHIMP_BASE_URL={sandbox.base_url}")
    print(f"  MAILCHIMP_API_KEY={sandbox.api_key}")
    print(f"  MAILCHIMP_AUDIENCE_ID={sandbox.audience_id}", flush=True)


def run(options: argparse.Namespace, ended: threading.Event) -> None:
    """Serves until `ended`. Raises OSError when the port cannot be had, ValueError for a bad state file."""
    sandbox = Sandbox(
        api_key=options.api_key,
        audience_id=options.audience,
        host=options.host,
        port=options.port,
        report=(lambda record: None) if options.quiet else report,
    )
    state = StateFile(options.state, sandbox.service) if options.state else None
    if state:
        state.read()
    if options.double_optin is not None:
        sandbox.double_optin = options.double_optin
    with sandbox:
        if state:
            state.start()
        if not options.quiet:
            announce(sandbox)
        ended.wait()
    if state:
        state.stop()


def main(arguments: list[str] | None = None) -> int:
    options = parse_arguments(arguments)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    try:
        run(options, ended)
    except OSError as error:
        taken = f"port {options.port} is taken; choose another with --port"
        print(f"mailchimp_sandbox: {taken if port_is_taken(error) else error.strerror}", file=sys.stderr)
        return 1
    except (ValueError, AssertionError) as error:
        print(f"mailchimp_sandbox: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
