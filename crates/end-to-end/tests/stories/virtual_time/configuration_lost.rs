//! A WAHA loses its configuration while it runs on: it is set up again within 15 seconds, and what was told to nobody
//! meanwhile is read.

use std::time::Duration;

use serde_json::{Value, json};
use storage::testing::TestDatabase;
use tokio::time::{Instant, sleep};
use waha_simulator::{Profile, Simulator, Status};

use super::{setup::Setup, system::System};

const ZIA: &str = "393470000001";
const SET_UP_WITHIN: Duration = Duration::from_secs(15);

/// A connected system whose guest is known, after seven minutes in which nothing happened.
async fn quiet(profile: Profile) -> (System, String) {
    let setup = Setup {
        profile,
        ..Setup::default()
    };
    let system = System::start(TestDatabase::sqlite().await, setup).await;
    let contact = system.on_the_list("Zia", ZIA).await;
    system.waha("groom").guest(ZIA).write("Ciao");
    sleep(Duration::from_mins(7)).await;
    (system, contact)
}

/// Waits until the session works as it was configured before, and the guest's question is stored.
async fn is_set_up_and_knows(system: &System, contact: &str, before: &Value, text: &str) {
    let waha = system.waha("groom");
    let begun = Instant::now();
    while waha.configuration() != *before || waha.status() == Some(Status::Stopped) {
        sleep(Duration::from_millis(100)).await;
        let limit = Duration::from_mins(10);
        assert!(begun.elapsed() < limit, "it is not set up again");
    }
    let took = begun.elapsed();
    assert!(took <= SET_UP_WITHIN, "set up again after {took:?}");
    sleep(Duration::from_secs(20)).await;
    system.said(contact, text).await;
}

fn without(config: &Value, part: &str) -> Value {
    let mut config = config.clone();
    let parts = config.as_object_mut().expect("an object");
    parts.remove(part).expect("it was there");
    config
}

async fn loses(profile: Profile, what: impl Fn(&Simulator, &Value)) {
    let (system, contact) = quiet(profile).await;
    let waha = system.waha("groom");
    let before = waha.configuration();
    what(waha, &before);
    waha.guest(ZIA).write("A che ora?");
    is_set_up_and_knows(&system, &contact, &before, "A che ora?").await;
}

#[tokio::test(start_paused = true)]
async fn lost_webhooks_are_set_again_and_what_they_did_not_tell_is_read() {
    loses(Profile::Waha2026_10Gows, |waha, config| {
        waha.forget_configuration_for(without(config, "webhooks"));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_session_that_runs_without_any_configuration_is_set_up_again() {
    loses(Profile::Waha2026_10Gows, |waha, _| {
        waha.forget_configuration_for(json!({}));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_store_that_was_switched_off_is_switched_on_again() {
    loses(Profile::Waha2026_10NoWeb, |waha, config| {
        let mut config = config.clone();
        config["noweb"]["store"]["enabled"] = json!(false);
        waha.forget_configuration_for(config);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_stopped_session_is_started_again() {
    let (system, contact) = quiet(Profile::Waha2026_10Gows).await;
    let waha = system.waha("groom");
    let before = waha.configuration();
    // no event tells of it
    waha.forget_configuration_for(without(&before, "webhooks"));
    waha.stop().await;
    waha.guest(ZIA).write("A che ora?");
    is_set_up_and_knows(&system, &contact, &before, "A che ora?").await;
}
