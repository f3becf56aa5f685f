from collections.abc import Sequence

from django.utils.safestring import SafeString

from apps.portal.charts.svg import element

WIDTH, HEIGHT, MARGIN = 96, 28, 3


def sparkline(values: Sequence[float]) -> SafeString:
    """The shape of a series, beside its number and hidden from screen readers. Fewer than two values: nothing."""
    if len(values) < 2:
        return SafeString()
    low, spread = min(values), (max(values) - min(values)) or 1
    step = (WIDTH - 2 * MARGIN) / (len(values) - 1)
    points = [
        (MARGIN + index * step, HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * (value - low) / spread)
        for index, value in enumerate(values)
    ]
    line = "L".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return element(
        "svg",
        element("path", class_="fill", d=f"M{MARGIN},{HEIGHT}L{line}L{WIDTH - MARGIN},{HEIGHT}Z"),
        element("path", class_="line", d=f"M{line}"),
        element("circle", cx=points[-1][0], cy=points[-1][1], r=2.4),
        class_="spark",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        aria_hidden="true",
        focusable="false",
    )
