from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Attribute = str | float | int


def element(tag: str, *children: str, **attributes: Attribute) -> SafeString:
    """One SVG element. Children not yet safe are escaped; `class_` is written `class`, `text_anchor` `text-anchor`."""
    written = format_html_join("", ' {}="{}"', ((_name(key), _value(value)) for key, value in attributes.items()))
    content = format_html_join("", "{}", ((child,) for child in children))
    return format_html("<{}{}>{}</{}>", tag, written, content, tag)


def group(children: list[SafeString], **attributes: Attribute) -> SafeString:
    """Elements that belong together."""
    return element("g", *children, **attributes)


def drawing(
    key: str, *, width: float, height: float, title: str, description: str, children: list[SafeString]
) -> SafeString:
    """A whole chart with its name and description for those who do not see it. `key` must be unique on the page."""
    return element(
        "svg",
        format_html('<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>', key, title, key, description),
        *children,
        class_="chart",
        viewBox=f"0 0 {_number(width)} {_number(height)}",
        width=width,
        height=height,
        role="img",
        aria_labelledby=f"{key}-title",
        aria_describedby=f"{key}-desc",
    )


def shortened(text: str, *, width: float, size: float = 12.5) -> str:
    """Text that fits into `width` at a font size, by Inter's average letter; the whole of it belongs in a tooltip."""
    letters = max(4, int(width / (size * 0.56)))
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"


def _name(key: str) -> str:
    return key if key == "viewBox" else key.rstrip("_").replace("_", "-")


def _value(value: Attribute) -> str:
    return value if isinstance(value, str) else _number(value)


def _number(value: float) -> str:
    """Coordinates: one decimal, point as separator in every language."""
    return f"{value:.1f}".removesuffix(".0")
