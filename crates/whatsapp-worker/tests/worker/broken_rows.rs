//! A database that answers, but with what cannot be read.

use std::time::Duration;

use axum::{Json, Router, routing::post};
use chassis::{Clock, Dice, Outbound, Shutdown, Tasks, outbound::InProcessPeer};
use domain::{release::Rulebook, session::SessionName};
use serde_json::json;
use storage::testing::TestDatabase;
use tokio::{sync::oneshot, time::Instant};
use whatsapp_worker::{Deps, Timings, start};

use super::{first_start::config, heard::Heard};

/// An integration that takes every fence and nothing else.
fn integration() -> Outbound {
    let fence = post(async || Json(json!({"running": []})));
    let peer = InProcessPeer::down();
    peer.start(Router::new().route("/sessions/{session}/fence", fence));
    Outbound::in_process(peer)
}

/// Ends after real time. Virtual time stands still while a database is busy without a pause.
fn real_seconds(seconds: u64) -> oneshot::Receiver<()> {
    let (over, ended) = oneshot::channel();
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_secs(seconds));
        let _ = over.send(());
    });
    ended
}

#[tokio::test(start_paused = true)]
async fn a_session_whose_work_breaks_off_is_taken_again_after_a_pause() {
    let heard = Heard::default();
    let _listening = heard.listen();
    let (clock, _) = Clock::virtual_from("2026-11-23T11:00:00Z".parse().expect("a time"));
    let database = TestDatabase::sqlite().await;
    let groom = SessionName::parse("groom").expect("a name");
    let sessions = [groom.clone()];
    let made = database.store().ensure_sessions(&sessions, clock.now());
    made.await.expect("rows");
    let broken = "ALTER TABLE whatsapp_message_queue RENAME COLUMN attempt_epoch TO unreadable";
    database.execute(broken).await.expect("broken");
    let shutdown = Shutdown::manual();
    let tasks = Tasks::new(shutdown.clone());
    let deps = Deps {
        store: database.store().clone(),
        integration: integration(),
        clock: clock.clone(),
        dice: Dice::seeded(1),
        book: Rulebook::default(),
        timings: Timings::default(),
    };
    let begun = Instant::now();
    let _router = start(&config(&groom), deps, &tasks, &shutdown).expect("it starts");
    let five_times = async {
        while heard.lines("work broke off").len() < 5 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::select! {
        () = five_times => {}
        _ = real_seconds(120) => panic!("virtual time stands still: it is taken again at once"),
    }
    let taken = begun.elapsed();
    assert!(taken >= Duration::from_secs(8), "five times in {taken:?}");
    shutdown.trigger();
    tasks
        .finish(Duration::from_secs(20))
        .await
        .expect("it ends");
}
