from apps.accounts.models import User


def choose_language(user: User, *, language: str) -> User:
    """Show a person this language wherever they sign in."""
    user.language = language
    user.save(update_fields=["language"])
    return user


def update_person(user: User, *, name: str, language: str, time_zone: str) -> User:
    """Change what a person says about themselves. Empty: the browser's language, the organisation's time zone."""
    user.name, user.language, user.time_zone = name, language, time_zone
    user.save(update_fields=["name", "language", "time_zone"])
    return user
