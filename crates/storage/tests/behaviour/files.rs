//! The files of SQLite.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

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
    let store = Store::open(&url, options.clone())
        .await
        .expect("a database");
    let now: Timestamp = "2026-11-23T11:00:00Z".parse().expect("a time");
    let sessions = ["groom".parse().expect("a name")];
    store
        .ensure_sessions(&sessions, now)
        .await
        .expect("a write");

    let new = modes(folder.path());
    assert!(new.len() >= 2, "the log beside it: {new:?}");
    assert!(new.iter().all(|(_, mode)| *mode == 0o600), "{new:?}");

    // as an earlier version left them
    for (file, _) in &new {
        fs::set_permissions(file, Permissions::from_mode(0o644)).expect("other rights");
    }
    let again = Store::open(&url, options).await.expect("the database");
    let narrowed = modes(folder.path());
    assert!(
        narrowed.iter().all(|(_, mode)| *mode == 0o600),
        "{narrowed:?}"
    );
    again.close().await;
}

fn modes(folder: &Path) -> Vec<(PathBuf, u32)> {
    let files = fs::read_dir(folder).expect("the folder");
    let modes = files.map(|file| {
        let file = file.expect("a file");
        let mode = file.metadata().expect("its mode").permissions().mode();
        (file.path(), mode & 0o777)
    });
    modes.collect()
}
