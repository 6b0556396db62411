"""What axe finds on a page, in each of the ways of seeing it that a resident may choose or need."""

from __future__ import annotations

from pathlib import Path

AXE = Path(__file__).resolve().parents[2] / ".venv" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE, NARROW, ZOOMED = (390, 844), (320, 700), (320, 256)
WAYS = {
    "default": {},
    "dark": {"color_scheme": "dark"},
    "reduced motion": {"reduced_motion": "reduce"},
    "forced colours": {"forced_colors": "active"},
    "320 px wide": {"size": NARROW},
    "400 % zoom": {"size": ZOOMED},
    "large": {"look": "large"},
    "elder": {"look": "largest"},
    "high contrast": {"look": "contrast"},
    "high contrast, dark": {"look": "contrast", "color_scheme": "dark"},
}
USUAL = {"color_scheme": "light", "reduced_motion": "no-preference", "forced_colors": "none"}


def barriers(page):
    """What axe finds, each with the first element it is about."""
    found = page.evaluate(
        """tags => axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] })
            .then(all => all.violations.map(one => one.id + ": " + one.nodes[0].html.slice(0, 200) + " "
                + (one.nodes[0].any[0] || one.nodes[0].all[0] || one.nodes[0].none[0]).message))""",
        TAGS,
    )
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*found, *(["wider than its screen"] if width > 0 else [])]


def seen_in(page, way):
    """Look at the page in one of the ways."""
    more = dict(WAYS[way])
    look, (width, height) = more.pop("look", ""), more.pop("size", PHONE)
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(**{**USUAL, **more})
    page.evaluate(
        """look => ["large", "largest", "contrast"].forEach(
            one => document.documentElement.classList.toggle(one, one === look))""",
        look,
    )


def all_ways(page, screen):
    """Barriers of what is shown, in every way."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    problems = []
    for way in WAYS:
        seen_in(page, way)
        problems += [f"{screen}, {way}: {one}" for one in barriers(page)]
    seen_in(page, "default")
    return problems
