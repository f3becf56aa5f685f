from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The HTML interface: views, forms, presenters, components, charts."""

    name = "apps.portal"
    label = "portal"
