//! Healing: a volume is full, or the database goes away, ten times under load; then writes work again without a restart of a service, and
//! nothing acknowledged is lost, nothing sent twice.
//!
//! `make healing SEED=… ROUNDS=…` runs it: the volumes are small file systems that only root may mount, and the PostgreSQL server is one
//! of its own, because its volume is filled. The feature `healing` is for it: `make test` does not have these.

mod cluster;
mod ledger;
mod load;
mod sabotage;
mod scenario;
mod table;
mod volume;

use std::time::Duration;

use storage::testing::TestDatabase;

use self::{
    cluster::Cluster,
    scenario::{Fault, Scenario},
    volume::Volume,
};
use super::chaos::number;

/// After there is room again, writes work within this time.
const AFTER_ROOM: Duration = Duration::from_secs(10);
/// After the database is there again.
const AFTER_DATABASE: Duration = Duration::from_mins(1);

/// What `tools/healing.sh` sets.
fn setting(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!("{name} is not set: `make healing` mounts the volumes and sets it")
    })
}

fn seed() -> u64 {
    number("HEALING_SEED", 1)
}

fn rounds() -> u64 {
    number("HEALING_ROUNDS", 10)
}

fn database_volume() -> Volume {
    Volume::of_environment("HEALING_DATABASE")
}

fn tmp() -> Volume {
    Volume::of_environment("HEALING_TMP")
}

async fn sqlite() -> TestDatabase {
    TestDatabase::sqlite_in(database_volume().folder()).await
}

/// Services need nothing of `/tmp`: no write may be refused.
async fn tmp_is_full(database: TestDatabase) {
    let tmp = tmp();
    let mut scenario = Scenario::start(database, &tmp, seed()).await;
    let fault = Fault {
        name: "/tmp full",
        must_refuse: false,
        cluster: None,
        uses_up_log: false,
    };
    for _ in 0..rounds() {
        scenario.fill(&tmp, &fault, AFTER_ROOM).await;
    }
    scenario.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_heals_when_its_volume_was_full() {
    let mut scenario = Scenario::start(sqlite().await, &tmp(), seed()).await;
    let fault = Fault {
        name: "database's volume full",
        must_refuse: true,
        cluster: None,
        uses_up_log: false,
    };
    for _ in 0..rounds() {
        scenario.fill(&database_volume(), &fault, AFTER_ROOM).await;
    }
    scenario.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_heals_when_tmp_was_full() {
    tmp_is_full(sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_heals_when_its_volume_was_full() {
    let (cluster, volume) = (
        Cluster::of_environment(),
        Volume::of_environment("HEALING_CLUSTER"),
    );
    let mut scenario = Scenario::start(TestDatabase::postgres().await, &tmp(), seed()).await;
    for round in 0..rounds() {
        let uses_up_log = round % 2 == 1;
        let name = if uses_up_log {
            "database's volume full, log of writes used up"
        } else {
            "database's volume full"
        };
        let fault = Fault {
            name,
            must_refuse: true,
            cluster: Some(&cluster),
            uses_up_log,
        };
        scenario.fill(&volume, &fault, AFTER_ROOM).await;
    }
    scenario.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_heals_when_tmp_was_full() {
    tmp_is_full(TestDatabase::postgres().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_heals_when_it_was_ended() {
    let cluster = Cluster::of_environment();
    let mut scenario = Scenario::start(TestDatabase::postgres().await, &tmp(), seed()).await;
    for _ in 0..rounds() {
        scenario.end_server(&cluster, AFTER_DATABASE).await;
    }
    scenario.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_heals_when_connections_were_terminated() {
    let mut scenario = Scenario::start(TestDatabase::postgres().await, &tmp(), seed()).await;
    scenario.terminate_connections(AFTER_DATABASE).await;
    scenario.end().await;
}
