class Reference:
    """What can be a reference at all; anything else in its place is no address of the API."""

    regex = "[A-Za-z]-[0-9A-Za-z-]{1,22}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
