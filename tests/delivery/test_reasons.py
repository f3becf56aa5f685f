from apps.delivery import reasons


class TestInWords:
    def test_says_a_known_reason_in_the_readers_language_and_keeps_what_the_server_said(self, monkeypatch):
        monkeypatch.setattr(reasons, "gettext", {reasons.REFUSED: "Refusé :"}.get)
        assert reasons.in_words(f"{reasons.REFUSED} (550, b'no')") == "Refusé : (550, b'no')"

    def test_leaves_everything_else_as_it_was_kept(self):
        assert reasons.in_words("Something else.") == "Something else."
        assert reasons.in_words("") == ""
