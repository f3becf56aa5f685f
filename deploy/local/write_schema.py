import yaml

from deploy.local.calls import with_calls
from deploy.local.lint import production
from deploy.local.paths import ROOT
from deploy.local.processes import manage

DOCUMENT, PAGE = ROOT / "docs" / "openapi.yaml", ROOT / "docs" / "api.md"

if __name__ == "__main__":
    DOCUMENT.parent.mkdir(exist_ok=True)
    manage(f"spectacular --validate --fail-on-warn --file {DOCUMENT.relative_to(ROOT)}", environment=production())
    PAGE.write_text(with_calls(PAGE.read_text(), yaml.safe_load(DOCUMENT.read_text())))
