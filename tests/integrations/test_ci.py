"""The action, the GitLab jobs and the shell script do what docs/ci.md says, here without their servers."""

import os
import re

import pytest
import yaml

from conftest import REPOSITORY

ACTION = yaml.safe_load((REPOSITORY / "action.yml").read_text())
GITLAB = yaml.safe_load((REPOSITORY / "docs" / "ci" / "gitlab-ci.yml").read_text())


class Job:
    """Runs steps of the action in a handbook, as a runner would, and keeps what they set."""

    def __init__(self, handbook, folder, **inputs):
        self.handbook = handbook
        self.inputs = {name: field["default"] for name, field in ACTION["inputs"].items()}
        assert inputs.keys() <= self.inputs.keys()
        self.inputs.update(inputs)
        folder.mkdir()
        self.files = {name: folder / name for name in ("GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY")}
        for file in self.files.values():
            file.touch()
        self.places = {"GITHUB_ACTION_PATH": REPOSITORY, "RUNNER_TEMP": folder, **self.files}

    def step(self, name):
        step = next(step for step in ACTION["runs"]["steps"] if step["name"] == name)
        environment = {key: self.filled(value) for key, value in step["env"].items()}
        environment.update({key: str(value) for key, value in self.places.items()})
        added = self.files["GITHUB_PATH"].read_text().splitlines()
        environment["PATH"] = os.pathsep.join([*added, self.handbook.environment["PATH"]])
        return self.handbook.run("bash", "-e", "-o", "pipefail", "-c", step["run"], **environment)

    def filled(self, value):
        return re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda found: self.inputs[found[1]], value)

    def outputs(self):
        return dict(line.split("=", 1) for line in self.files["GITHUB_OUTPUT"].read_text().splitlines())


@pytest.fixture
def job(installed, tmp_path):
    return lambda **inputs: Job(installed, tmp_path / "runner", **{"path": "docs/ops", **inputs})


def spoil(handbook):
    (handbook.folder / "docs/ops/gate-open.md").unlink()


def test_the_action_installs_its_own_version(handbook, wheels, tmp_path):
    handbook.environment = {**handbook.environment, "PIP_FIND_LINKS": str(wheels), "PIP_NO_INDEX": "1"}
    job = Job(handbook, tmp_path / "runner", path="docs/ops")
    code, printed = job.step("Install runbook-site")
    assert code == 0, printed
    assert re.fullmatch(r"runbook-site \d\S+\n", printed)
    code, printed = job.step("Check the runbooks")
    assert code == 0, printed


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("9999.0.0", "runbook-site 9999.0.0 cannot be installed"),
        ("latest", "version is `latest`; expected a release such as 0.1.0, or `installed`"),
        ("1.0; rm -rf .", "expected a release such as 0.1.0"),
        ("installed", "no runbook-site is on PATH"),
    ],
)
def test_a_version_that_cannot_be_had_is_named(handbook, wheels, tmp_path, version, message):
    handbook.environment = {**handbook.environment, "PIP_FIND_LINKS": str(wheels), "PIP_NO_INDEX": "1"}
    code, printed = Job(handbook, tmp_path / "runner", version=version).step("Install runbook-site")
    assert code == 2
    assert "::error title=runbook-site::" in printed and message in printed


def test_findings_fail_the_job_are_annotated_and_summed_up(job):
    job = job()
    spoil(job.handbook)
    code, printed = job.step("Check the runbooks")
    assert code == 1
    assert "::error " in printed and "file=docs/ops/README.md" in printed
    assert "dead-index-row" in job.files["GITHUB_STEP_SUMMARY"].read_text()
    assert job.outputs() == {}


def test_findings_that_fail_the_job_are_uploaded(job):
    job = job(sarif="true")
    spoil(job.handbook)
    code, _ = job.step("Check the runbooks")
    assert code == 1
    assert "dead-index-row" in open(job.outputs()["sarif"], encoding="utf-8").read()


def test_where_nothing_could_be_checked_there_is_no_report_to_upload(job):
    job = job(sarif="true", path="letters")
    job.handbook.write("letters/bob.txt", "Dear Bob\n")
    code, _ = job.step("Check the runbooks")
    assert code == 2
    assert job.outputs() == {}


def test_a_truth_value_that_is_none_is_named(job):
    code, printed = job(sarif="yes").step("Check the runbooks")
    assert code == 2
    assert "sarif is `yes`; expected true or false" in printed


def test_what_a_user_writes_is_never_run(job):
    job = job(config="$(touch hacked)`touch hacked`")
    job.step("Check the runbooks")
    assert not (job.handbook.folder / "hacked").exists()


def test_the_action_builds_the_site_of_a_faulty_handbook(job):
    job = job(**{"fail-on": "never", "build": "true", "base-url": "https://runbooks.example.org/"})
    spoil(job.handbook)
    code, printed = job.step("Check the runbooks")
    assert code == 0, printed
    code, printed = job.step("Build the site")
    assert code == 0, printed
    site = job.handbook.folder / job.outputs()["site"]
    assert (site / "crane-stuck.html").is_file() and (site / "404.html").is_file()


def test_the_gitlab_job_leaves_its_reports_when_it_fails(installed):
    spoil(installed)
    assert gitlab(installed, "runbooks")[0] == 1
    for report in GITLAB["runbooks"]["artifacts"]["reports"].values():
        assert "dead-index-row" in installed.read(report)


def test_the_gitlab_job_publishes_a_faulty_handbook(installed):
    spoil(installed)
    code, printed = gitlab(installed, "pages", CI_PAGES_URL="https://runbooks.example.org/ops")
    assert code == 0, printed
    (folder,) = GITLAB["pages"]["artifacts"]["paths"]
    assert (installed.folder / folder / "index.html").is_file()


def test_the_shell_script_builds_the_site_and_still_fails(installed):
    spoil(installed)
    code, printed = installed.run("sh", REPOSITORY / "docs/ci/check.sh", "docs/ops", "public")
    assert code == 1, printed
    assert "dead-index-row" in installed.read("runbooks-junit.xml")
    assert (installed.folder / "public/index.html").is_file()


def gitlab(handbook, job, **variables):
    return handbook.run("bash", "-e", "-o", "pipefail", "-c", "\n".join(GITLAB[job]["script"]), **variables)
