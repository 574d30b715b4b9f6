//! A PostgreSQL cluster of one test: it may look into the server's files, which other tests write otherwise.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const TOOL: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../tools/postgres-for-tests.sh"
);

/// Runs as long as this value lives.
pub(super) struct OwnCluster {
    folder: PathBuf,
    pub(super) url: String,
}

impl OwnCluster {
    pub(super) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap().keep();
        let started = Command::new(TOOL).arg("start").arg(&folder).output();
        let started = started.unwrap();
        let url = String::from_utf8(started.stdout).unwrap().trim().to_owned();
        let cluster = Self { folder, url };
        assert!(started.status.success(), "{:?}", started.stderr);
        cluster
    }

    /// All bytes of the cluster, tables and write-ahead log, as far as they are text.
    pub(super) fn files_as_text(&self) -> String {
        let mut text = String::new();
        add_files(&self.folder.join("data"), &mut text);
        text
    }
}

fn add_files(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            add_files(&path, text);
        } else if let Ok(bytes) = fs::read(&path) {
            // the server removes files at any time
            text.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
}

impl Drop for OwnCluster {
    fn drop(&mut self) {
        let stopped = Command::new(TOOL).arg("stop").arg(&self.folder).status();
        if !stopped.is_ok_and(|status| status.success()) {
            eprintln!("a cluster of a test was left behind");
        }
    }
}
