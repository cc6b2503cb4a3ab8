"""The points that MDN's HTTP Observatory gives for the headers of an answer over https.

Its rules are at https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring and, exactly, in the programs of
https://github.com/mdn/mdn-http-observatory (`src/analyzer/tests`, `src/grader/charts.js`), read in November 2026. It
begins at 100 and gives extra points only from 90 on. Not counted: the redirect from http, the certificate and the list
of preloaded domains, which are no headers.
"""

from collections.abc import Iterable
from http.cookies import SimpleCookie
from typing import Any

from bs4 import BeautifulSoup

BEGINNING, EXTRA_FROM = 100, 90
SIX_MONTHS = 15_552_000
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
BROAD = {"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"}
INLINE = {"'unsafe-inline'", "data:"}


def points(answer: Any) -> tuple[int, dict[str, int]]:
    """The points in all, and those of each rule."""
    parts = {
        "content-security-policy": of_csp(policy_of(answer)),
        "cookies": of_cookies(answer.cookies),
        "cors": -50 if answer.get("Access-Control-Allow-Credentials") == "true" else 0,
        "referrer-policy": of_referrer(answer.get("Referrer-Policy", "")),
        "hsts": of_hsts(answer.get("Strict-Transport-Security", "")),
        "scripts": of_scripts(answer),
        "nosniff": 0 if answer.get("X-Content-Type-Options", "").lower() == "nosniff" else -5,
        "framing": of_framing(answer),
        "resource-policy": of_word(
            answer, "Cross-Origin-Resource-Policy", {"same-origin", "same-site"}, {"cross-origin"}
        ),
        "opener-policy": of_word(
            answer,
            "Cross-Origin-Opener-Policy",
            {"same-origin", "same-origin-allow-popups", "noopener-allow-popups"},
            {"unsafe-none"},
        ),
        "embedder-policy": of_word(
            answer, "Cross-Origin-Embedder-Policy", {"require-corp", "credentialless"}, {"unsafe-none"}
        ),
    }
    losses = BEGINNING + sum(part for part in parts.values() if part < 0)
    extra = sum(part for part in parts.values() if part > 0)
    return losses + extra if losses >= EXTRA_FROM else losses, parts


def policy_of(answer: Any) -> dict[str, set[str]] | None:
    """The content security policy; None when there is none."""
    header = answer.get("Content-Security-Policy", "")
    directives = (part.split() for part in header.split(";") if part.strip())
    return {name.lower(): set(sources) for name, *sources in directives} or None


def of_csp(policy: dict[str, set[str]] | None) -> int:
    """Points of the policy, the worst that applies."""
    if policy is None:
        return -25
    default = policy.get("default-src", {"*"})
    scripts, styles, objects = (policy.get(name, default) for name in ("script-src", "style-src", "object-src"))
    passive = policy.get("img-src", default) | policy.get("media-src", default)
    active = scripts.union(*(sources for name, sources in policy.items() if name not in ("img-src", "media-src")))
    if scripts & (BROAD | INLINE) or objects & BROAD or insecure(active):
        return -20
    if "'unsafe-eval'" in scripts | styles or insecure(passive):
        return -10
    if styles & (BROAD | INLINE):
        return 0
    return 10 if policy.get("default-src") == {"'none'"} else 5


def insecure(sources: Iterable[str]) -> bool:
    return any(source.startswith(("http:", "ftp:")) for source in sources)


def of_cookies(cookies: SimpleCookie) -> int:
    """Points of all cookies together, the worst that applies; HSTS is taken to hold."""
    found = [0]
    for name, cookie in cookies.items():
        is_session = "sess" in name.lower() or "login" in name.lower()
        if is_session and not cookie["httponly"]:
            found.append(-30)
        if "csrf" in name.lower() and not cookie["samesite"]:
            found.append(-20)
        if not cookie["secure"]:
            found.append(-10 if is_session else -5)
    if min(found) < 0:
        return min(found)
    return 5 if cookies and all(cookie["samesite"] for cookie in cookies.values()) else 0


def of_referrer(header: str) -> int:
    last = header.split(",")[-1].strip().lower()
    return 5 if last in PRIVATE else (-5 if last else 0)


def of_hsts(header: str) -> int:
    ages = [part.strip()[8:] for part in header.lower().split(";") if part.strip().startswith("max-age=")]
    if len(ages) != 1 or not ages[0].isdecimal():
        return -20
    return 0 if int(ages[0]) >= SIX_MONTHS else -10


def of_framing(answer: Any) -> int:
    if "frame-ancestors" in (policy_of(answer) or {}):
        return 5
    return 5 if answer.get("X-Frame-Options", "").lower() in ("deny", "sameorigin") else -20


def of_scripts(answer: Any) -> int:
    """Points of the scripts of a page: none for its own, without a checksum; much is lost for those of others."""
    if not answer.get("Content-Type", "").startswith("text/html") or answer.streaming:
        return 0
    addresses = [script["src"] for script in BeautifulSoup(answer.content, "html.parser").select("script[src]")]
    return -50 if any(address.startswith(("//", "http:", "https:")) for address in addresses) else 0


def of_word(answer: Any, name: str, good: set[str], harmless: set[str]) -> int:
    """Points of a header with one word."""
    word = answer.get(name, "").strip().lower()
    if word in good:
        return 10
    return 0 if not word or word in harmless else -5
