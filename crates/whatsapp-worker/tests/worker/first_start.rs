//! The first start of all: the tables are there, but queue-api has not made the sessions' rows yet.

use std::time::Duration;

use chassis::{Clock, Dice, Outbound, Shutdown, Tasks, outbound::InProcessPeer};
use domain::{release::Rulebook, session::SessionName};
use secrecy::SecretString;
use storage::testing::TestDatabase;
use whatsapp_worker::{Config, Deps, Timings, start};

use super::heard::Heard;

pub(crate) const TOKEN: &str = "a-secret-for-tests-0123456789abcdef";

pub(crate) fn config(session: &SessionName) -> Config {
    let secret = || SecretString::from(TOKEN);
    Config {
        token: secret(),
        integration_token: secret(),
        sessions: vec![session.clone()],
        ..Config::for_tests()
    }
}

#[tokio::test(start_paused = true)]
async fn it_waits_for_its_sessions_says_so_once_and_takes_them_when_they_are_there() {
    let heard = Heard::default();
    let _listening = heard.listen();
    let (clock, _) = Clock::virtual_from("2026-11-23T11:00:00Z".parse().expect("a time"));
    let database = TestDatabase::sqlite().await;
    let groom = SessionName::parse("groom").expect("a name");
    let shutdown = Shutdown::manual();
    let tasks = Tasks::new(shutdown.clone());
    let deps = Deps {
        store: database.store().clone(),
        integration: Outbound::in_process(InProcessPeer::down()),
        clock: clock.clone(),
        dice: Dice::seeded(1),
        book: Rulebook::default(),
        timings: Timings::default(),
    };
    let _router = start(&config(&groom), deps, &tasks, &shutdown).expect("it starts");

    tokio::time::sleep(Duration::from_mins(10)).await;
    assert_eq!(heard.lines("waiting for queue-api").len(), 1);
    assert_eq!(heard.lines("WARN"), Vec::<String>::new());

    let sessions = [groom.clone()];
    let made = database.store().ensure_sessions(&sessions, clock.now());
    made.await.expect("rows");
    tokio::time::sleep(Duration::from_secs(3)).await;
    let row = database.store().session(&groom).await.expect("an answer");
    assert!(row.expect("a row").lease_owner.is_some());
    assert_eq!(heard.lines("working this session").len(), 1);

    shutdown.trigger();
    tasks
        .finish(Duration::from_secs(20))
        .await
        .expect("it ends");
}
