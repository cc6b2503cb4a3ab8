"""The services whose videos may be shown, and the addresses of their players that set no cookie before play."""

import re
from urllib.parse import parse_qs, urlsplit

YOUTUBE_HOSTS = {"youtube.com", "www.youtube.com", "m.youtube.com", "www.youtube-nocookie.com"}
VIMEO_HOSTS = {"vimeo.com", "www.vimeo.com", "player.vimeo.com"}


def player_address(address: str) -> str:
    """Turn a video's address into its player's, or into nothing when the service is not on the list.

    The result is built from the video's id alone, so nothing else of the address reaches the page.
    """
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
    except ValueError:
        return ""
    if parts.scheme != "https":
        return ""
    if host == "youtu.be" or host in YOUTUBE_HOSTS:
        video = _youtube_id(host, parts.path, parts.query)
        return f"https://www.youtube-nocookie.com/embed/{video}" if video else ""
    if host in VIMEO_HOSTS and (found := re.fullmatch(r"(?:/video)?/([0-9]{1,12})/?", parts.path, re.ASCII)):
        return f"https://player.vimeo.com/video/{found[1]}?dnt=1"
    return ""


def _youtube_id(host: str, path: str, query: str) -> str:
    if host == "youtu.be":
        candidate = path.strip("/")
    elif path == "/watch":
        candidate = parse_qs(query).get("v", [""])[0]
    else:
        candidate = path.removeprefix("/embed/").removeprefix("/shorts/").removeprefix("/live/").strip("/")
    return candidate if re.fullmatch(r"[A-Za-z0-9_-]{11}", candidate, re.ASCII) else ""
