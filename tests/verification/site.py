"""A site on loopback that removes content in every style of docs/verification.md."""

import gzip
import re
from pathlib import Path

from werkzeug import Request, Response

DOCS = Path(__file__).resolve().parents[2] / "docs/verification.md"
ROW = re.compile(r"^\| `([\w-]+)` \| .+ \| `(\w+)` \| `(\w+)` \|$", re.MULTILINE)
CHROME = " ".join(f"Menu{n} and link{n}" for n in range(120))
PLAYER = "<html><head><title>A speech</title></head><body><h1>A speech</h1><video src=x></video><p>{}</p></body></html>"
LONG = " ".join(f"Speaker{n} said point{n}." for n in range(200))
SHOWN = PLAYER.format("The whole speech of last Sunday, uploaded by somebody. 1,204 views and 12 comments. " * 4)
PICTURE = b"\x89PNG" + b"0" * 400


def documented() -> list[tuple[str, str, str]]:
    """(style, finding, reason) of every row of the table that people read."""
    return ROW.findall(DOCS.read_text())


def html(title: str, text: str = "", status: int = 200, **headers: str) -> Response:
    body = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"
    return Response(body, status=status, content_type="text/html; charset=utf-8", headers=headers)


def to(address: str) -> Response:
    return Response(status=302, headers={"Location": address})


def compressed() -> Response:
    return Response(gzip.compress(SHOWN.encode()), content_type="text/html", headers={"Content-Encoding": "gzip"})


STYLES = {
    "status-404": lambda: html("Oops", "Nothing here.", 404),
    "status-410": lambda: html("Oops", "Nothing here.", 410),
    "tombstone": lambda: html("A site", "This video has been removed for violating our community guidelines."),
    "tombstone-410": lambda: html("A site", "This post was removed because it broke our rules.", 410),
    "tombstone-german": lambda: html("Ein Netzwerk", "Dieser Beitrag wurde gelöscht."),
    "tombstone-french": lambda: html("Un réseau", "Cette vidéo a été supprimée par la modération."),
    "soft-404": lambda: html("Page not found", CHROME),
    "soft-404-among-much": lambda: html("A site", f"{CHROME} Sorry, this page isn’t available. {CHROME}"),
    "error-address": lambda: to("/not-found"),
    "status-451": lambda: html("Withheld", "", 451),
    "place-notice": lambda: html("A site", "This video is not available in your country."),
    "sign-in": lambda: html("Welcome", "<form><input name=name><input type=password name=word></form>"),
    "sign-in-address": lambda: to("/login?next=/x"),
    "status-401": lambda: html("Stop", "", 401),
    "front-page": lambda: to("/"),
    "other-page": lambda: to("/popular/today"),
    "parked": lambda: html("old.example", "This domain is for sale. Make an offer."),
    "page": lambda: Response(SHOWN, content_type="text/html"),
    "file": lambda: Response(PICTURE, content_type="video/mp4"),
    "any-file": lambda: Response(PICTURE, content_type="image/png"),
    "all-the-same": lambda: html("A site", CHROME),
    "needs-scripts": lambda: html("App", "<script src=/app.js></script><div id=root></div>"),
    "empty": lambda: Response("<html></html>", content_type="text/html"),
    "bot-wall": lambda: html("Just a moment...", "Checking your browser before you proceed."),
    "status-403": lambda: html("No", "", 403),
    "compressed": compressed,
    "circle": lambda: to("/circle/1"),
    "leads-inside": lambda: to("http://10.0.0.1/latest/meta-data"),
    "status-500": lambda: html("Oops", "", 500),
    "status-429": lambda: html("Oops", "", 429),
}
# Styles whose server shows the same for an address that nobody ever had.
SHOW_ALWAYS = {"soft-404-among-much", "any-file", "all-the-same", "circle"}


def serve(request: Request) -> Response:
    """`/<style>/<whatever>`: the content was at `…/content`; a made-up neighbour is elsewhere."""
    style, rest = [*request.path.strip("/").split("/", 1), ""][:2]
    if style in SPECIAL:
        return SPECIAL[style](request, rest)
    if style not in STYLES:
        return html("A site", CHROME)
    is_asked = rest == "content" or style in SHOW_ALWAYS
    answer = STYLES[style]() if is_asked else html("Nothing", "Nothing at all.", 404)
    answer.headers["Set-Cookie"] = "who=you; Path=/"
    return answer


def _shown_at(rest: str) -> Response:
    return Response(SHOWN, content_type="text/html") if rest == "content" else html("Nothing", "", 404)


def _without_head(request: Request, rest: str) -> Response:
    return Response(status=405) if request.method == "HEAD" else _shown_at(rest)


def _with_a_slash(request: Request, rest: str) -> Response:
    return _shown_at(rest) if request.path.endswith("/") else to(f"{request.path}/")


def _another_host(request: Request, _rest: str) -> Response:
    return to(f"http://localhost:{request.host.partition(':')[2]}/page/content")


def _debate(_request: Request, rest: str) -> Response:
    if rest == "content":
        return html("A debate", f"The wallet was not found. {LONG}")
    return html("A debate", f"Choose one of our debates. {CHROME}")


SPECIAL = {
    "no-head": _without_head,
    "moved-slightly": _with_a_slash,
    "other-host": _another_host,
    "mentions": _debate,
}
