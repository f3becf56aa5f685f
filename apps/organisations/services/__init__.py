"""What a platform's administrators may do to its public entry. Run as the platform."""

from apps.organisations.services.profile import add_contact, publish_policy, set_profile

__all__ = ["add_contact", "publish_policy", "set_profile"]
