"""The files that others copy or run are valid, as tools that know their formats say."""

import re
import subprocess

import pytest
import yaml

from conftest import REPOSITORY, TOOLS

CI = REPOSITORY / "docs" / "ci"
SCHEMAS = [
    ("github-actions", "action.yml"),
    ("github-workflows", ".github/workflows/ci.yml"),
    ("github-workflows", ".github/workflows/release.yml"),
    ("github-workflows", "docs/ci/github-check.yml"),
    ("github-workflows", "docs/ci/github-publish.yml"),
    ("gitlab-ci", "docs/ci/gitlab-ci.yml"),
]
SCRIPTS = ["docs/ci/check.sh", "packaging/action", "packaging/pre-commit-mirror", "tests/run"]


def run(*command, cwd=REPOSITORY):
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("schema", "path"), SCHEMAS)
def test_files_fit_their_schemas(schema, path):
    transform = ["--data-transform", "gitlab-ci"] if schema == "gitlab-ci" else []
    run(TOOLS / "check-jsonschema", "--builtin-schema", f"vendor.{schema}", *transform, path)


def test_pre_commit_takes_the_hooks_and_the_config():
    run(TOOLS / "pre-commit", "validate-manifest", ".pre-commit-hooks.yaml")
    run(TOOLS / "pre-commit", "validate-config", CI / "pre-commit-config.yaml", CI / "pre-commit-local.yaml")


def test_actionlint_has_nothing_to_say():
    run(TOOLS / "actionlint", f"-shellcheck={TOOLS / 'shellcheck'}", *(REPOSITORY / ".github" / "workflows").iterdir())


def test_actionlint_takes_the_workflows_for_users_with_the_inputs_of_the_action(tmp_path):
    """Where the action is `./`, actionlint compares what they hand in with action.yml."""
    run("git", "init", "--quiet", cwd=tmp_path)
    (tmp_path / "action.yml").write_bytes((REPOSITORY / "action.yml").read_bytes())
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    for path in CI.glob("github-*.yml"):
        text, count = re.subn(r"OWNER/runbook-site@\S+", "./", path.read_text())
        assert count == 1, path
        (folder / path.name).write_text(text)
    run(TOOLS / "actionlint", f"-shellcheck={TOOLS / 'shellcheck'}", cwd=tmp_path)


@pytest.mark.parametrize("path", SCRIPTS)
def test_shellcheck_has_nothing_to_say(path):
    run(TOOLS / "shellcheck", path)


def test_all_ready_files_are_listed_in_the_page():
    page = (REPOSITORY / "docs" / "ci.md").read_text()
    for path in CI.iterdir():
        assert f"](ci/{path.name})" in page


def test_examples_pin_the_version_of_cargo_toml():
    version = re.search(r'^version = "(.*)"$', (REPOSITORY / "Cargo.toml").read_text(), re.MULTILINE)[1]
    pins = re.compile(r"(?:runbook-site@v|rev: v|runbook-site==)([0-9]\S*)")
    found = {}
    for path in [REPOSITORY / "docs" / "ci.md", *CI.iterdir()]:
        for pin in pins.findall(path.read_text()):
            found.setdefault(pin, []).append(path.name)
    assert list(found) == [version], found
    assert len(found[version]) == 5, found


def test_actions_of_others_have_one_version_everywhere():
    found = {}
    for path in [REPOSITORY / "action.yml", *REPOSITORY.glob(".github/**/*.yml"), *REPOSITORY.glob("docs/**/*.*")]:
        if path.suffix in (".md", ".yml"):
            for action, version in re.findall(r"uses: ([\w./-]+)@(\S+)", path.read_text()):
                found.setdefault(action, {}).setdefault(version, []).append(path.name)
    assert len(found["actions/checkout"]["v7"]) > 5
    assert [action for action, versions in found.items() if len(versions) > 1] == [], found


def test_the_page_lists_the_inputs_of_the_action_with_their_defaults():
    inputs = yaml.safe_load((REPOSITORY / "action.yml").read_text())["inputs"]
    rows = re.findall(r"^\| `([a-z-]+)` \| (.*?) ?\| ", (REPOSITORY / "docs" / "ci.md").read_text(), re.MULTILINE)
    table = {name: default for name, default in rows if name in inputs}
    assert list(table) == list(inputs)
    for name, field in inputs.items():
        if table[name].startswith("`"):
            assert table[name] == f"`{field['default']}`", name
        else:
            assert field["default"] == "", name
