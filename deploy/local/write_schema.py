from deploy.local.lint import production
from deploy.local.paths import ROOT
from deploy.local.processes import manage

if __name__ == "__main__":
    (ROOT / "docs").mkdir(exist_ok=True)
    manage("spectacular --validate --fail-on-warn --file docs/openapi.yaml", environment=production())
