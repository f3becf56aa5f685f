"""What import-linter cannot see: relations named by string, and files that outgrow their concept."""

import ast
import tomllib
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [*(ROOT / "apps").rglob("*.py"), *(ROOT / "referral_portal").rglob("*.py"), *(ROOT / "deploy").rglob("*.py")]
CODE = [path for path in SOURCES if "migrations" not in path.parts]
TESTS = list((ROOT / "tests").rglob("*.py"))
TEMPLATES = list((ROOT / "templates").rglob("*.html"))

FILE_WALL, SETTINGS_WALL, FUNCTION_WALL, VIEW_WALL, TASK_WALL = 400, 300, 40, 12, 8
TEMPLATE_WALL, COMPONENT_WALL = 80, 30
EVENTUAL_NAMES = {"utils", "helpers", "common", "misc", "manager", "managers_utils"}


def floors() -> dict[str, int]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return {name.strip(): height for height, layer in enumerate(reversed(layers)) for name in layer.split("|")}


def test_every_app_has_a_floor():
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("apps.")}
    assert ours == set(floors())


def test_relations_point_downwards():
    height = floors()
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and field.related_model
        and {model._meta.app_label, field.related_model._meta.app_label} <= height.keys()
        and height[model._meta.app_label] < height[field.related_model._meta.app_label]
    ]
    assert upward == []


@pytest.mark.parametrize("path", [*CODE, *TESTS], ids=lambda p: str(p.relative_to(ROOT)))
def test_python_keeps_within_its_walls(path):
    text = path.read_text()
    wall = SETTINGS_WALL if path.name == "settings.py" else FILE_WALL
    assert text.count("\n") <= wall, f"over {wall} lines: find the missing concept"
    assert path.stem not in EVENTUAL_NAMES
    if path in CODE:
        too_long = [
            f"{node.name}: {length_of(node)}" for node in functions(text) if length_of(node) > wall_of(path, node)
        ]
        assert too_long == []


def functions(text: str):
    return [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]


def length_of(node: ast.FunctionDef) -> int:
    """Lines of the body, its docstring left out: words are not what makes a function long."""
    body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def wall_of(path: Path, node: ast.FunctionDef) -> int:
    decorators = {ast.unparse(d).split("(")[0] for d in node.decorator_list}
    if "shared_task" in decorators:
        return TASK_WALL
    takes_request = bool(node.args.args) and node.args.args[0].arg == "request"
    if path.parent.name == "views" and takes_request and not node.name.startswith("_"):
        return VIEW_WALL
    return FUNCTION_WALL


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_templates_keep_within_their_walls(path):
    wall = COMPONENT_WALL if path.parent.name == "ui" else TEMPLATE_WALL
    assert path.read_text().count("\n") <= wall


def test_no_model_hides_a_rule_in_save():
    hidden = [
        model._meta.label
        for model in apps.get_models()
        if "save" in vars(model) and model.__module__.startswith("apps.")
    ]
    assert hidden == []


def test_no_model_orders_itself():
    assert [m._meta.label for m in apps.get_models() if m._meta.ordering and m.__module__.startswith("apps.")] == []
