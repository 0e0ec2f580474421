//! What git knows: when it last changed the words of documents, in one pass over `git log` that reads versions only where
//! a date is doubted; and what changed since a revision.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use jiff::civil::Date;

use crate::corpus::{Change, Words, parse_date, words};
use crate::document::parse;
use crate::settings::nearest;
use crate::source::{MAX_BYTES, Source};

/// A document of which the last change is asked.
pub struct Asked {
    /// From the root.
    pub path: String,
    /// The date that it states. Changes up to that day are not looked at.
    pub stated: Option<Date>,
}

/// Why git cannot tell.
#[derive(Debug, PartialEq, Eq)]
pub enum NoHistory {
    NotInstalled,
    NoRepository,
    /// The repository belongs to somebody else, as in containers, and git refuses to read it.
    Distrusted,
    /// The clone holds only the last commits, under whose dates all older changes would be filed.
    Shallow,
}

/// The last commit that changed the words of each document, as far as it is newer than the date stated and than the
/// commit that set this date. What is not committed has no date yet and does not count. Dates are those of the authors.
pub fn last_changes(root: &Path, asked: &[Asked]) -> Result<BTreeMap<String, Change>, NoHistory> {
    if is_shallow(root)? {
        return Err(NoHistory::Shallow);
    }
    let mut log = Running::start(git(root, LOG)).ok_or(NoHistory::NotInstalled)?;
    let mut objects = Objects { root, running: None };
    let mut changes = BTreeMap::new();
    // Documents that are still asked for, by the name that they had at this point of the history.
    let mut open: HashMap<String, &Asked> = asked.iter().map(|asked| (asked.path.clone(), asked)).collect();
    let mut commit = None;
    while !open.is_empty() {
        let Some(record) = Record::read(&mut log.out) else { break };
        let (file, of) = match (record, &commit) {
            (Record::Commit(next), _) => {
                commit = Some(next);
                continue;
            }
            (Record::File(file), Some(of)) => (file, of),
            (Record::File(_), None) => continue,
        };
        let Some(asked) = open.remove(&file.path) else { continue };
        match judge(asked, &file, of, &mut objects) {
            Verdict::Changed => {
                changes.insert(asked.path.clone(), of.clone());
            }
            Verdict::UpToDate => {}
            Verdict::LookFurther => {
                open.insert(file.old_path.unwrap_or(file.path), asked);
            }
        }
    }
    Ok(changes)
}

/// Files under a root that differ from a revision, from the root. Those that git ignores are none.
#[derive(Debug, Default)]
pub struct Changes {
    /// Changed or new, committed or not.
    pub present: BTreeSet<String>,
    pub deleted: BTreeSet<String>,
}

/// Why git cannot tell what changed since a revision.
#[derive(Debug, PartialEq, Eq)]
pub enum NoChanges {
    NoHistory(NoHistory),
    /// The name of a revision that git knows and that may be meant, and whether old commits are absent from the clone.
    UnknownRevision {
        meant: Option<String>,
        shallow: bool,
    },
    /// In the words of git.
    Failed(String),
}

/// What changed since a revision: from where its history and that of the working tree part, so that what others changed
/// since on another branch does not count. Where the histories share nothing, from the revision itself.
pub fn changes_since(root: &Path, revision: &str) -> Result<Changes, NoChanges> {
    let shallow = is_shallow(root).map_err(NoChanges::NoHistory)?;
    let commit = format!("{revision}^{{commit}}");
    let Ok(commit) = output(root, ["rev-parse", "--verify", "--quiet", "--end-of-options", commit.as_str()]) else {
        return Err(NoChanges::UnknownRevision { meant: meant_revision(root, revision), shallow });
    };
    let base = output(root, ["merge-base", "HEAD", commit.trim()]).unwrap_or(commit);
    let diff = ["diff", "-z", "--name-status", "--no-renames", "--no-ext-diff", "--relative", base.trim(), "--", "."];
    let changed = output(root, diff).map_err(NoChanges::Failed)?;
    let new = output(root, ["ls-files", "-z", "--others", "--exclude-standard"]).map_err(NoChanges::Failed)?;
    let mut changes = Changes::default();
    let mut parts = changed.split_terminator('\0');
    while let (Some(status), Some(path)) = (parts.next(), parts.next()) {
        let kind = if status == "D" { &mut changes.deleted } else { &mut changes.present };
        kind.insert(path.to_string());
    }
    changes.present.extend(new.split_terminator('\0').map(str::to_string));
    // What is no longer in the index and still on the disk is reported by both.
    changes.deleted.retain(|path| !changes.present.contains(path));
    Ok(changes)
}

/// A branch or tag of a name like that one. A clone for a pull request has the others' branches only as `origin/…`.
fn meant_revision(root: &Path, revision: &str) -> Option<String> {
    let names = output(root, ["for-each-ref", "--format=%(refname:short)"]).ok()?;
    let names: Vec<&str> = names.lines().collect();
    let is_remote = |name: &&&str| name.split_once('/').is_some_and(|(_, name)| name == revision);
    let found = names.iter().find(is_remote).copied().or_else(|| nearest(revision, &names));
    found.map(str::to_string)
}

fn is_shallow(root: &Path) -> Result<bool, NoHistory> {
    let mut shallow = git(root, ["rev-parse", "--is-shallow-repository"]);
    let output = shallow.stdout(Stdio::piped()).stderr(Stdio::piped()).output().map_err(|_| NoHistory::NotInstalled)?;
    match output.status.success() {
        true => Ok(!output.stdout.starts_with(b"false")),
        false if String::from_utf8_lossy(&output.stderr).contains("dubious ownership") => Err(NoHistory::Distrusted),
        false => Err(NoHistory::NoRepository),
    }
}

/// What git prints; an error is what it says instead.
fn output<const N: usize>(root: &Path, arguments: [&str; N]) -> Result<String, String> {
    let mut command = git(root, arguments);
    let done = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().map_err(|error| error.to_string())?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if done.status.success() { Ok(text(&done.stdout)) } else { Err(text(&done.stderr).trim().to_string()) }
}

/// The name of who works in a folder, as git signs commits.
pub fn user_name(folder: &Path) -> Option<String> {
    let output = git(folder, ["config", "user.name"]).stdout(Stdio::piped()).output().ok()?;
    let name = String::from_utf8(output.stdout).ok()?.trim().to_string();
    (output.status.success() && !name.is_empty() && !name.contains(char::is_control)).then_some(name)
}

const LOG: [&str; 13] = [
    "-c",
    "log.showSignature=false",
    "log",
    "-z",
    "--raw",
    "--no-abbrev",
    "-M",
    "--relative",
    "--no-ext-diff",
    "--date=short",
    "--format=%x01%H%x00%ad",
    "--",
    ".",
];

enum Verdict {
    /// This commit is the last that changed the words.
    Changed,
    /// The date stated is not older than the words.
    UpToDate,
    LookFurther,
}

fn judge(asked: &Asked, file: &FileChange, commit: &Change, objects: &mut Objects<'_>) -> Verdict {
    if asked.stated.is_some_and(|stated| commit.date <= stated) {
        return Verdict::UpToDate;
    }
    let Some(new) = objects.words(&file.new) else { return Verdict::UpToDate };
    // The first version says everything for the first time, and sets its date.
    let old = match file.old.bytes().all(|digit| digit == b'0') {
        true => None,
        false => objects.words(&file.old),
    };
    match old {
        Some(old) if asked.stated.is_some() && old.last_updated != new.last_updated => Verdict::UpToDate,
        Some(old) if old.text == new.text => Verdict::LookFurther,
        None if asked.stated.is_some() && new.last_updated.is_some() => Verdict::UpToDate,
        _ => Verdict::Changed,
    }
}

/// One entry of the log.
enum Record {
    Commit(Change),
    File(FileChange),
}

/// A file that a commit changed, with the objects of its two versions.
struct FileChange {
    old: String,
    new: String,
    path: String,
    /// The name before, where the commit renamed it.
    old_path: Option<String>,
}

impl Record {
    /// The next entry; `None` at the end. Entries are parted by zero bytes.
    fn read(log: &mut impl BufRead) -> Option<Record> {
        loop {
            let part = part(log)?;
            let part = part.trim_start_matches('\n');
            if let Some(commit) = part.strip_prefix('\x01') {
                let commit = commit.to_string();
                // A date that cannot be read is none of a calendar; nothing is newer than it.
                let date = parse_date(&self::part(log)?).unwrap_or(Date::MIN);
                return Some(Record::Commit(Change { date, commit }));
            }
            let Some(raw) = part.strip_prefix(':') else { continue };
            let fields: Vec<&str> = raw.split(' ').collect();
            let [_, _, old, new, status] = fields.as_slice() else { continue };
            let first = self::part(log)?;
            let (path, old_path) = match status.starts_with(['R', 'C']) {
                true => (self::part(log)?, Some(first)),
                false => (first, None),
            };
            return Some(Record::File(FileChange { old: old.to_string(), new: new.to_string(), path, old_path }));
        }
    }
}

fn part(log: &mut impl BufRead) -> Option<String> {
    let mut bytes = Vec::new();
    let len = log.read_until(0, &mut bytes).ok()?;
    bytes.pop_if(|last| *last == 0);
    (len > 0).then(|| String::from_utf8_lossy(&bytes).into_owned())
}

/// The versions of files, from one process that is started when the first one is needed.
struct Objects<'r> {
    root: &'r Path,
    running: Option<Running>,
}

impl Objects<'_> {
    /// The words of a version; `None` where git does not have it or it is no text.
    fn words(&mut self, object: &str) -> Option<Words> {
        let source = Source::decode("version.md", self.bytes(object)?);
        source.problem.is_none().then(|| words(&source, &parse(&source)))
    }

    fn bytes(&mut self, object: &str) -> Option<Vec<u8>> {
        if self.running.is_none() {
            let mut command = git(self.root, ["cat-file", "--batch"]);
            command.stdin(Stdio::piped());
            self.running = Running::start(command);
        }
        let running = self.running.as_mut()?;
        writeln!(running.asked.as_mut()?, "{object}").ok()?;
        let mut head = String::new();
        running.out.read_line(&mut head).ok()?;
        let size: u64 = head.trim_end().rsplit_once(" blob ")?.1.parse().ok()?;
        if size > MAX_BYTES {
            // What follows on this pipe is the file; the next version gets a pipe of its own.
            self.running = None;
            return None;
        }
        let mut bytes = vec![0; size as usize + 1];
        running.out.read_exact(&mut bytes).ok()?;
        bytes.pop();
        Some(bytes)
    }
}

/// A process whose output is read while it runs; it ends with this value.
struct Running {
    child: Child,
    out: BufReader<ChildStdout>,
    asked: Option<ChildStdin>,
}

impl Running {
    fn start(mut command: Command) -> Option<Running> {
        let mut child = command.stdout(Stdio::piped()).spawn().ok()?;
        let out = BufReader::new(child.stdout.take()?);
        Some(Running { asked: child.stdin.take(), child, out })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Variables that a hook of another repository may have set.
const FOREIGN: [&str; 6] =
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"];

fn git(root: &Path, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(root).args(arguments);
    for variable in FOREIGN {
        command.env_remove(variable);
    }
    // A partial clone must not be filled over the network by a check.
    command.env("GIT_NO_LAZY_FETCH", "1").env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}
