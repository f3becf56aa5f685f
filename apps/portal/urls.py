from django.urls import URLPattern, URLResolver, path

from apps.portal.views import appearance, styleguide

app_name = "portal"

urlpatterns: list[URLPattern | URLResolver] = [
    path("appearance/", appearance.appearance, name="appearance"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
