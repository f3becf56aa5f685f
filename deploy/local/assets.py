from collections.abc import Mapping

from deploy.local.paths import LOCAL, REQUIREMENTS, ROOT
from deploy.local.processes import manage
from deploy.local.stamps import Stamp, fingerprint

MADE_FROM = [
    *(ROOT / "static", ROOT / "package-lock.json", ROOT / "apps" / "portal" / "charts"),
    *(REQUIREMENTS / "runtime.txt", *(ROOT / "referral_portal" / "locale").rglob("*.po")),
]
COMMANDS = ("build_map", "compile_catalogues", "collectstatic --no-input --clear --verbosity 0")


def make_assets(environment: Mapping[str, str]) -> None:
    """What the web server reads and nobody writes by hand: the map, the compiled languages, hashed static files."""
    stamp = Stamp(file=LOCAL / "static" / ".stamp", made_from=fingerprint(MADE_FROM))
    if not stamp.is_current:
        manage(*COMMANDS, environment=environment)
        stamp.set()
