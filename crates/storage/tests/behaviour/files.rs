//! The files of SQLite.

use std::{fs, os::unix::fs::PermissionsExt as _};

use domain::Timestamp;
use storage::{Migrate, Options, Store};

#[tokio::test]
async fn are_their_owner_s_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("queue.db").display());
    let options = Options {
        migrate: Migrate::Run,
        ..Options::default()
    };
    let store = Store::open(&url, options).await.expect("a database");
    let now: Timestamp = "2026-11-23T11:00:00Z".parse().expect("a time");
    let sessions = ["groom".parse().expect("a name")];
    store
        .ensure_sessions(&sessions, now)
        .await
        .expect("a write");

    let files = fs::read_dir(folder.path()).expect("the folder");
    let modes: Vec<_> = files
        .map(|file| {
            let file = file.expect("a file");
            let mode = file.metadata().expect("its mode").permissions().mode();
            (file.file_name(), mode & 0o777)
        })
        .collect();

    assert!(modes.len() >= 2, "the log beside it: {modes:?}");
    assert!(modes.iter().all(|(_, mode)| *mode == 0o600), "{modes:?}");
}
