from django.urls import URLPattern, URLResolver, path

from apps.portal.views import appearance, language, styleguide

app_name = "portal"

urlpatterns: list[URLPattern | URLResolver] = [
    path("appearance/", appearance.appearance, name="appearance"),
    path("language/", language.language, name="language"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
