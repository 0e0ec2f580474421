//! What was alive when it was last asked, kept in a file of the user's cache folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::workspace::discover::describe;

const FILE: &str = "external-links.json";
const VERSION: u32 = 1;

/// Addresses by their hash, since they may hold what is nobody's business, with the second of Unix time at which they
/// were alive.
#[derive(Default, Serialize, Deserialize)]
pub struct Cache {
    version: u32,
    alive: BTreeMap<String, i64>,
}

/// The folder of this program in the user's cache folder; `None` where the system names none.
pub fn default_folder() -> Option<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = match std::env::consts::OS {
        "windows" => variable("LOCALAPPDATA"),
        "macos" => variable("HOME").map(|home| home.join("Library/Caches")),
        _ => variable("XDG_CACHE_HOME").or_else(|| variable("HOME").map(|home| home.join(".cache"))),
    };
    folder.map(|folder| folder.join("runbook-site"))
}

/// What was alive not longer ago than `age`. A file that cannot be read is an empty cache: it is written anew.
pub fn read(folder: &Path, age: Duration) -> Cache {
    let text = fs::read_to_string(folder.join(FILE)).unwrap_or_default();
    let mut cache: Cache = serde_json::from_str(&text).unwrap_or_default();
    let now = Timestamp::now().as_second();
    let oldest = now.saturating_sub_unsigned(age.as_secs());
    cache.alive.retain(|_, second| cache.version == VERSION && (oldest..=now).contains(second) && *second != oldest);
    cache
}

impl Cache {
    /// Whether an address was alive.
    pub fn is_alive(&self, address: &str) -> bool {
        self.alive.contains_key(&key(address))
    }

    /// Adds addresses that are alive now.
    pub fn extend<'a>(&mut self, addresses: impl Iterator<Item = &'a str>) {
        let now = Timestamp::now().as_second();
        self.alive.extend(addresses.map(|address| (key(address), now)));
    }

    /// Writes the file aside and puts it in its place, so that no other run reads half of it.
    pub fn write(mut self, folder: &Path) -> Result<(), String> {
        self.version = VERSION;
        let write = || -> std::io::Result<()> {
            fs::create_dir_all(folder)?;
            let file = tempfile::NamedTempFile::new_in(folder)?;
            serde_json::to_writer(&file, &self)?;
            file.persist(folder.join(FILE))?;
            Ok(())
        };
        write().map_err(|error| describe(&error))
    }
}

fn key(address: &str) -> String {
    blake3::hash(address.as_bytes()).to_hex()[..32].to_string()
}
