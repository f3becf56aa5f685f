from apps.accounts.models import User


def choose_language(user: User, *, language: str) -> User:
    """Show a person this language wherever they sign in."""
    user.language = language
    user.save(update_fields=["language"])
    return user
