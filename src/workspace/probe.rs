//! Looks up link targets on the disk.

use std::collections::BTreeSet;
use std::path::Path;

use rayon::prelude::*;

/// Those of the paths (from the root, `..` allowed) at which something is.
pub fn existing(root: &Path, paths: &BTreeSet<String>) -> BTreeSet<String> {
    let paths: Vec<&String> = paths.iter().collect();
    let found: Vec<&String> = paths.into_par_iter().filter(|path| root.join(path).exists()).collect();
    found.into_iter().cloned().collect()
}
