"""WordPress's shortcodes, such as [gallery ids="1,2"]: those that it knows itself become elements.

Source of what they mean: https://codex.wordpress.org/Shortcode. All is read in one pass, however long the text is.
"""

import re
from collections import Counter
from html import escape

# Two brackets around one say that it is only shown: [[gallery]].
CODE = re.compile(r"(\[?)\[(/?)([A-Za-z][\w-]{0,60})((?:\s[^\[\]]*?)?)(/?)\](\]?)")
QUOTES = "\"'“”″’"
ATTRIBUTE = re.compile(rf"([\w-]+)\s*=\s*(?:[{QUOTES}]([^{QUOTES}]*)[{QUOTES}]|(\S+))")
# Where the address of a sound or a film is, in the order of WordPress.
MEDIA = ("src", "mp4", "m4v", "webm", "ogv", "flv", "mp3", "m4a", "ogg", "wav")
# Shortcodes of plug-ins that are often written without any attribute. Others are told from words in brackets by one.
WITHOUT_ATTRIBUTES = frozenset(("archives", "contact-form", "contact-us-form", "playlist", "sitemap", "wpforms"))
KNOWN = frozenset(("caption", "wp_caption", "gallery", "embed", "audio", "video", "youtube", "vimeo"))


def replace_shortcodes(text: str) -> tuple[str, Counter[str]]:
    """Turn shortcodes into elements that `wordpress.blocks` knows.

    Returns:
        The text, and how often each unknown shortcode was taken out. The text between its two ends stays.
    """
    closed = {found[3].lower() for found in CODE.finditer(text) if found[2]}
    unknown: Counter[str] = Counter()

    def replace(found: re.Match[str]) -> str:
        opening, end, name, said, alone, closing = found.groups()
        name = name.lower()
        attributes = {key.lower(): quoted or bare for key, quoted, bare in ATTRIBUTE.findall(said)}
        is_known = name in KNOWN
        if not (is_known or end or alone or attributes or name in closed or name in WITHOUT_ATTRIBUTES):
            return found[0]  # words in brackets
        if opening and closing:
            return found[0][1:-1]
        if not is_known:
            unknown[name] += not end
        made = _element(name, bool(end), attributes, said.strip()) if is_known else ""
        return f"{opening}{made}{closing}"

    return CODE.sub(replace, text), unknown


def _element(name: str, is_end: bool, attributes: dict[str, str], said: str) -> str:
    if name in ("caption", "wp_caption"):
        caption = f"<figcaption>{escape(attributes['caption'])}</figcaption>" if attributes.get("caption") else ""
        return "</figure>" if is_end else f'<figure class="wp-caption">{caption}'
    if name == "embed":
        return "</p>" if is_end else "<p>"  # an address in a paragraph of its own
    if is_end:
        return ""
    if name == "gallery":
        return f'<wp-gallery ids="{escape(attributes.get("ids") or attributes.get("include", ""))}"></wp-gallery>'
    address = next((attributes[key] for key in MEDIA if attributes.get(key)), "") or said.strip(QUOTES)
    if name == "vimeo" and address.isdecimal():
        address = f"https://vimeo.com/{address}"
    return f'<iframe src="{escape(address)}"></iframe>' if address else ""
