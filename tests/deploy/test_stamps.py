from deploy.local.stamps import Stamp, fingerprint


class TestFingerprint:
    def test_changes_with_contents_names_and_facts(self, tmp_path):
        file = tmp_path / "lock.txt"
        file.write_text("a==1")
        first = fingerprint([tmp_path], "3.11")
        assert fingerprint([tmp_path], "3.12") != first
        file.write_text("a==2")
        changed = fingerprint([tmp_path], "3.11")
        assert changed != first
        file.rename(tmp_path / "other.txt")
        assert fingerprint([tmp_path], "3.11") != changed

    def test_is_the_same_for_the_same(self, tmp_path):
        (tmp_path / "lock.txt").write_text("a==1")
        assert fingerprint([tmp_path]) == fingerprint([tmp_path])


class TestStamp:
    def test_is_current_until_what_it_was_made_from_changes(self, tmp_path):
        stamp = Stamp(file=tmp_path / ".stamp", made_from="x")
        assert not stamp.is_current
        stamp.set()
        assert stamp.is_current
        assert not Stamp(file=tmp_path / ".stamp", made_from="y").is_current
