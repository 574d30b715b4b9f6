//! Old history is deleted by the worker itself, by the couple's setting, in passes.

use std::time::Duration;

use chassis::{Clock, Dice, Outbound, Shutdown, Tasks, outbound::InProcessPeer};
use domain::release::Rulebook;
use secrecy::SecretString;
use storage::{Actor, testing::TestDatabase};
use whatsapp_worker::{Config, Deps, Timings, start};

/// 1,200 lines of the audit log that are 200 days old: three passes.
async fn with_old_history(clock: &Clock) -> TestDatabase {
    let database = TestDatabase::sqlite().await;
    let at = (clock.now() - Duration::from_hours(24 * 200)).timestamp_millis();
    let id = format!("{at:012x}");
    let (first, second) = id.split_at(8);
    let lines = format!(
        "INSERT INTO audit_log (id, at, actor, action, subject)
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
         SELECT '{first}-{second}-7000-8000-' || substr(CAST(1000000000000 + i AS TEXT), 2), {at}, 'a', 'b', 'c' FROM n"
    );
    database.execute(&lines).await.expect("lines");
    database
}

async fn old_lines(database: &TestDatabase) -> Option<i64> {
    let lines = "SELECT CAST(count(*) AS BIGINT) AS value FROM audit_log WHERE action = 'b'";
    database.ints(lines).await.remove(0)
}

#[tokio::test(start_paused = true)]
async fn it_deletes_what_is_older_than_the_setting_ten_minutes_after_its_start() {
    let (clock, _) = Clock::virtual_from("2026-11-23T11:00:00Z".parse().expect("a time"));
    let database = with_old_history(&clock).await;
    let store = database.store().clone();
    let (mut settings, version) = store.config().await.expect("settings");
    settings.limits.history_days = 100;
    let person = Actor::new("anna");
    let changed = store.update_config(&settings, version, &person, clock.now());
    changed.await.expect("changed");
    let secret = || SecretString::from("a-secret-for-tests-0123456789abcdef");
    let config = Config {
        token: secret(),
        integration_token: secret(),
        sessions: Vec::new(),
        ..Config::for_tests()
    };
    let shutdown = Shutdown::manual();
    let tasks = Tasks::new(shutdown.clone());
    let deps = Deps {
        store,
        integration: Outbound::in_process(InProcessPeer::down()),
        clock: clock.clone(),
        dice: Dice::seeded(1),
        book: Rulebook::default(),
        timings: Timings::default(),
    };
    let _router = start(&config, deps, &tasks, &shutdown).expect("it starts");

    tokio::time::sleep(Duration::from_mins(9)).await;
    assert_eq!(old_lines(&database).await, Some(1200));
    tokio::time::sleep(Duration::from_mins(2)).await;
    assert_eq!(old_lines(&database).await, Some(0));

    shutdown.trigger();
    let ended = tasks.finish(Duration::from_secs(20)).await;
    ended.expect("it ends");
}
