"""What the tests of hooks, action and CI files share: the program, its wheel, and a handbook under git."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent

INDEX = """\
# Harbour

## Runbooks

| Scenario | Runbook |
|---|---|
| Crane stuck | [crane-stuck.md](./crane-stuck.md) |
| Gate open | [gate-open.md](./gate-open.md) |

## Required Sections

1. Purpose
2. Procedure
3. Verification
"""

RUNBOOK = """\
# {title}

## Purpose

{title}: get the quay to work again.

## Procedure

1. Call the quay master.

## Verification

- The light on the mast is green.
"""


class Handbook:
    """A git repository with a handbook in `docs/ops`, and the environment in which commands run there."""

    def __init__(self, folder, environment):
        self.folder = folder
        self.environment = environment
        self.git("init", "--quiet", "--initial-branch=main")
        self.write("docs/ops/README.md", INDEX)
        self.write("docs/ops/crane-stuck.md", RUNBOOK.format(title="Crane Stuck"))
        self.write("docs/ops/gate-open.md", RUNBOOK.format(title="Gate Open"))
        self.write("notes.txt", "Nothing of ours.\n")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "--message=Begin")

    def write(self, path, text):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def read(self, path):
        return (self.folder / path).read_text(encoding="utf-8")

    def run(self, *command, **environment):
        """Runs a command in the repository; gives its exit code and all that it printed."""
        done = subprocess.run(
            [str(word) for word in command],
            cwd=self.folder,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.returncode, done.stdout

    def git(self, *arguments):
        code, printed = self.run("git", *arguments)
        assert code == 0, printed
        return printed

    def commit(self, message="Change"):
        """Stages everything and commits, with hooks; gives the exit code and all that was printed."""
        self.git("add", "--all")
        return self.run("git", "commit", f"--message={message}")


@pytest.fixture(scope="session")
def program():
    """The program under test: `RUNBOOK_SITE`, or the release build."""
    path = Path(os.environ.get("RUNBOOK_SITE", REPOSITORY / "target" / "release" / "runbook-site"))
    assert path.is_file(), f"no {path}; run: cargo build --release"
    return path


@pytest.fixture(scope="session")
def wheels(tmp_path_factory):
    """A folder with the wheel. Cargo has built the program before, so that maturin only packs it."""
    folder = tmp_path_factory.mktemp("wheels")
    done = subprocess.run(
        [TOOLS / "maturin", "build", "--quiet", "--release", "--locked", "--out", folder],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def environment(tmp_path_factory):
    """The environment without the git settings of who runs the tests, and with no runbook-site on PATH."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "GITHUB_", "PRE_COMMIT"))}
    places = [place for place in kept["PATH"].split(os.pathsep) if not (Path(place) / "runbook-site").exists()]
    person = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in PERSON.items()}
    return {
        **kept,
        **person,
        "PATH": os.pathsep.join([str(TOOLS), *places]),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("pre-commit")),
    }


PERSON = {"NAME": "Ada", "EMAIL": "ada@example.org"}


@pytest.fixture
def handbook(tmp_path, environment):
    """A handbook where runbook-site is not installed."""
    folder = tmp_path / "repository"
    folder.mkdir()
    return Handbook(folder, environment)


@pytest.fixture
def installed(handbook, program, tmp_path):
    """A handbook where runbook-site is on PATH."""
    place = tmp_path / "bin"
    place.mkdir()
    shutil.copy(program, place / "runbook-site")
    handbook.environment = {**handbook.environment, "PATH": f"{place}{os.pathsep}{handbook.environment['PATH']}"}
    return handbook
