"""Write a one-page PDF of headings and paragraphs, tagged for screen readers, without a library.

The same words always give the same bytes. Source: ISO 32000-1, Document management: Portable document format
(structure in 7.5, logical structure and tagging in 14.7 and 14.8).
"""

import textwrap
from collections.abc import Iterable

PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 595, 842, 64  # points: A4
# Per role: font, size and height of a line in points, space above, and characters that fit into a line.
STYLES = {
    "H1": ("F2", 24, 30, 0, 34),
    "H2": ("F2", 14, 20, 18, 60),
    "P": ("F1", 11, 16, 6, 84),
}
# Numbers of the objects that come before those of the structure's elements.
CATALOG, PAGES, PAGE, CONTENT, REGULAR, BOLD, ROOT, DOCUMENT, PARENTS, INFO = range(1, 11)


def write_pdf(title: str, paragraphs: Iterable[tuple[str, str]]) -> bytes:
    """Lay out paragraphs on one page.

    Args:
        title: shown by readers in place of the file's name.
        paragraphs: pairs of a role (H1, H2 or P) and words in the characters of Windows code page 1252.

    Raises:
        ValueError: the words do not fit on the page.
        UnicodeEncodeError: a character is not in the code page.
    """
    parts = list(paragraphs)
    elements = [INFO + position for position in range(1, len(parts) + 1)]
    stream = _content(parts)
    references = " ".join(f"{number} 0 R" for number in elements)
    objects = {
        CATALOG: f"<< /Type /Catalog /Pages {PAGES} 0 R /Lang (en-GB) /MarkInfo << /Marked true >> "
        f"/StructTreeRoot {ROOT} 0 R /ViewerPreferences << /DisplayDocTitle true >> >>",
        PAGES: f"<< /Type /Pages /Kids [{PAGE} 0 R] /Count 1 >>",
        PAGE: f"<< /Type /Page /Parent {PAGES} 0 R /MediaBox [0 0 {PAGE_WIDTH} {PAGE_HEIGHT}] /Contents {CONTENT} 0 R "
        f"/Resources << /Font << /F1 {REGULAR} 0 R /F2 {BOLD} 0 R >> >> /StructParents 0 /Tabs /S >>",
        CONTENT: f"<< /Length {len(stream.encode('cp1252'))} >>\nstream\n{stream}\nendstream",
        REGULAR: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        BOLD: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        ROOT: f"<< /Type /StructTreeRoot /K {DOCUMENT} 0 R /ParentTree {PARENTS} 0 R /ParentTreeNextKey 1 >>",
        DOCUMENT: f"<< /Type /StructElem /S /Document /P {ROOT} 0 R /K [{references}] >>",
        PARENTS: f"<< /Nums [0 [{references}]] >>",
        INFO: f"<< /Title <feff{title.encode('utf-16-be').hex()}> >>",
    }
    for mark, (number, (role, _)) in enumerate(zip(elements, parts, strict=True)):
        objects[number] = f"<< /Type /StructElem /S /{role} /P {DOCUMENT} 0 R /Pg {PAGE} 0 R /K {mark} >>"
    return _file(objects)


def _content(parts: list[tuple[str, str]]) -> str:
    """The page's drawing instructions: each part is marked content, which its structure element points to."""
    drawn = []
    y = PAGE_HEIGHT - MARGIN
    for mark, (role, words) in enumerate(parts):
        font, size, line_height, above, fitting = STYLES[role]
        y -= above
        lines = []
        for line in textwrap.wrap(words, fitting):
            y -= line_height
            lines.append(f"1 0 0 1 {MARGIN} {y} Tm ({_escape(line)} ) Tj")
        drawn += [f"/{role} << /MCID {mark} >> BDC", f"BT /{font} {size} Tf", *lines, "ET", "EMC"]
    if y < MARGIN:
        raise ValueError("The words do not fit on one page.")
    return "\n".join(drawn)


def _escape(words: str) -> str:
    """Words as they stand in a literal string."""
    return words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _file(objects: dict[int, str]) -> bytes:
    """Number the objects, and end with the table of where each begins."""
    data = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"  # the second line marks the file as binary
    offsets = []
    for number in sorted(objects):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{objects[number]}\nendobj\n".encode("cp1252")
    start = len(data)
    entries = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    trailer = f"trailer\n<< /Size {size} /Root {CATALOG} 0 R /Info {INFO} 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return data + f"xref\n0 {size}\n0000000000 65535 f \n{entries}{trailer}".encode("ascii")
