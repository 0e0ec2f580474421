"""The pre-commit hooks stop the commits that they should, with the program installed and with its wheel."""

import re
import subprocess

import pytest
import yaml

from conftest import REPOSITORY, TOOLS

PAGE = REPOSITORY / "docs" / "ci.md"
CONFIG = REPOSITORY / "docs" / "ci" / "pre-commit-config.yaml"
MIRROR = REPOSITORY / "packaging" / "pre-commit-mirror"


@pytest.fixture
def hooked(installed):
    """A handbook with the hooks of docs/ci.md that call the installed program."""
    install_hooks(installed, page_config("local"))
    return installed


def test_a_good_commit_passes(hooked):
    hooked.write("docs/ops/gate-open.md", hooked.read("docs/ops/gate-open.md") + "- The bell is silent.\n")
    code, printed = hooked.commit()
    assert code == 0, printed
    assert outcomes(printed) == {"runbook-site check --fix": "Passed", "runbook-site check": "Passed"}


def test_a_fault_stops_the_commit_and_is_shown(hooked):
    text = hooked.read("docs/ops/gate-open.md")
    hooked.write("docs/ops/gate-open.md", text.replace("## Procedure", "## Weather"))
    code, printed = hooked.commit()
    assert code == 1
    assert "error[missing-section]" in printed and "docs/ops/gate-open.md" in printed


def test_a_commit_that_only_deletes_is_checked(hooked):
    (hooked.folder / "docs/ops/gate-open.md").unlink()
    code, printed = hooked.commit()
    assert code == 1
    assert outcomes(printed) == {"runbook-site check --fix": "Skipped", "runbook-site check": "Failed"}
    assert "error[dead-index-row]" in printed


def test_a_commit_without_runbooks_is_not_fixed(hooked):
    hooked.write("notes.txt", "Still nothing of ours.\n")
    code, printed = hooked.commit()
    assert code == 0, printed
    assert outcomes(printed) == {"runbook-site check --fix": "Skipped", "runbook-site check": "Passed"}


def test_a_commit_that_changes_the_config_alone_is_judged_by_it(hooked):
    hooked.write("docs/ops/runbook-site.toml", "[rules]\ndead-lnk = \"off\"\n")
    code, printed = hooked.commit()
    assert code == 1
    assert "runbook-site.toml" in printed and "dead-lnk" in printed


def test_a_fix_stops_the_commit_once(hooked):
    text = hooked.read("docs/ops/gate-open.md")
    hooked.write("docs/ops/gate-open.md", text.replace("## Purpose", "**Last Updated**: 2024/03/01\n\n## Purpose"))
    code, printed = hooked.commit()
    assert code == 1
    assert "files were modified by this hook" in printed
    assert "**Last Updated**: 2024-03-01\n" in hooked.read("docs/ops/gate-open.md")
    code, printed = hooked.commit()
    assert code == 0, printed


def test_the_hooks_of_the_page_are_those_of_the_repository():
    ours = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text())
    for local in page_config("local")["repos"][0]["hooks"]:
        hook = next(hook for hook in ours if hook["id"] == local["id"])
        # `always_run` leaves `files` without effect.
        keys = ["entry", "pass_filenames", "always_run"] + ([] if hook.get("always_run") else ["files"])
        assert {key: local.get(key) for key in keys} == {key: hook.get(key) for key in keys}
    source = page_config("https://github.com/OWNER/runbook-site")["repos"][0]["hooks"]
    assert {hook["id"] for hook in source} == {hook["id"] for hook in ours}


def test_the_mirror_gives_the_program_by_its_wheel(handbook, wheels, tmp_path):
    mirror = publish_mirror(handbook, tmp_path / "mirror")
    config = yaml.safe_load(CONFIG.read_text())
    config["repos"][0]["repo"] = str(mirror)
    handbook.environment = {**handbook.environment, "PIP_FIND_LINKS": str(wheels)}
    install_hooks(handbook, config)
    (handbook.folder / "docs/ops/gate-open.md").unlink()
    code, printed = handbook.commit()
    assert code == 1
    assert "error[dead-index-row]" in printed


def test_the_mirror_follows_a_release(handbook, tmp_path):
    """A second run over a checkout of the mirror changes what differs and leaves its history."""
    mirror = publish_mirror(handbook, tmp_path / "mirror")
    (mirror / "pyproject.toml").write_text("old\n")
    subprocess.run([MIRROR, mirror], check=True)
    status = subprocess.run(["git", "status", "--short"], cwd=mirror, capture_output=True, text=True, check=True)
    assert status.stdout == ""


def test_the_mirror_is_not_written_into_a_folder_of_others(tmp_path):
    (tmp_path / "letter.txt").write_text("Dear Bob\n")
    done = subprocess.run([MIRROR, tmp_path], capture_output=True, text=True)
    assert done.returncode == 1
    assert "name a new folder" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def page_config(repo):
    """The config of docs/ci.md that takes the hooks from there."""
    blocks = re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    return next(config for config in map(yaml.safe_load, blocks) if config["repos"][0]["repo"] == repo)


def install_hooks(handbook, config):
    handbook.write(".pre-commit-config.yaml", yaml.safe_dump(config))
    code, printed = handbook.run(TOOLS / "pre-commit", "install")
    assert code == 0, printed
    handbook.git("add", ".pre-commit-config.yaml")
    handbook.git("commit", "--quiet", "--no-verify", "--message=Install the hooks")


def publish_mirror(handbook, folder):
    """What the release workflow does: a commit with the files, under the tag that the README names."""
    subprocess.run([MIRROR, folder], check=True)
    version = re.search(r"rev: (\S+)", (folder / "README.md").read_text())[1]
    for command in ("init --quiet", "add --all", "commit --quiet --message=Release", f"tag {version}"):
        code, printed = handbook.run("git", "-C", folder, *command.split())
        assert code == 0, printed
    return folder


def outcomes(printed):
    """Hook → `Passed`, `Failed` or `Skipped`."""
    return dict(re.findall(r"^(runbook-site.*?)\.{3,}.*?(Passed|Failed|Skipped)$", printed, re.MULTILINE))
