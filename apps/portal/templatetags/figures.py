from typing import Any

from django import template

from apps.portal.charts import Figure

register = template.Library()


@register.inclusion_tag("ui/figure.html")
def figure(figure: Figure, open: bool = False) -> dict[str, Any]:
    """A chart in a card with its legend and its data table; `open=True` shows the table at once."""
    return {"figure": figure, "open": open}
