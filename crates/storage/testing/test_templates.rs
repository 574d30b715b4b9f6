//! Migrated databases that each test's own is copied from. Compiled for tests and benchmarks only.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rand::RngExt;
use sqlx::{Connection, PgConnection};

use crate::{
    Migrate,
    db::{postgres_fingerprint, sqlite_fingerprint},
    testing::{connect, dice, open, run, with_database},
};

/// So that two tests do not both make the template. Any number will do.
const TEMPLATE_LOCK: &str = "SELECT pg_advisory_lock(72610001)";

/// A migrated SQLite file; made by whoever comes first. Who comes at the same moment makes another, and the later stays.
pub(crate) async fn sqlite() -> PathBuf {
    let folder = Path::new(env!("OUT_DIR"));
    let template = folder.join(format!("template_{:016x}.db", sqlite_fingerprint()));
    if !template.exists() {
        let unfinished = folder.join(format!("unfinished_{:016x}.db", dice().random::<u64>()));
        let url = format!("sqlite://{}", unfinished.display());
        // The last connection that closes writes the log into the file.
        open(&url, Migrate::Run).await.close().await;
        fs::rename(&unfinished, &template).expect("a template in its place");
    }
    template
}

/// The name of a migrated database on the server; made by whoever comes first.
pub(crate) async fn postgres(server: &str) -> String {
    let name = format!("template_{:016x}", postgres_fingerprint());
    let mut admin = connect(server).await;
    run(&mut admin, TEMPLATE_LOCK.to_owned()).await;
    if !exists(&mut admin, &name).await {
        let unfinished = format!("unfinished_{:016x}", dice().random::<u64>());
        run(&mut admin, format!("CREATE DATABASE {unfinished}")).await;
        let store = open(&with_database(server, &unfinished), Migrate::Run).await;
        store.close().await;
        run(
            &mut admin,
            format!("ALTER DATABASE {unfinished} RENAME TO {name}"),
        )
        .await;
    }
    // The end of the connection releases the lock.
    admin.close().await.expect("closing");
    name
}

async fn exists(admin: &mut PgConnection, name: &str) -> bool {
    sqlx::query("SELECT 1 FROM pg_database WHERE datname = $1")
        .bind(name)
        .fetch_optional(admin)
        .await
        .expect("the list of databases")
        .is_some()
}
