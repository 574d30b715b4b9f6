//! The parts of a system: its simulated phones, and what the services are told of them.

use std::time::Duration;

use chassis::{Clock, Dice};
use domain::session::SessionName;
use secrecy::ExposeSecret as _;
use storage::Store;
use waha_simulator::{Delivery, Owner, Peers, Simulator, SimulatorConfig};

use super::setup::Setup;

pub(super) fn simulator(
    setup: &Setup,
    index: usize,
    name: &SessionName,
    peers: &Peers,
    clock: &Clock,
    dice: &Dice,
) -> Simulator {
    let config = SimulatorConfig {
        owner: Owner {
            number: format!("39333111222{index}"),
            name: name.to_string(),
            lid: format!("11122233344455{index}"),
        },
        scans_itself_after: setup.scans.then_some(Duration::from_secs(2)),
        auto_online: false,
        delivery: Delivery::InProcess(peers.clone()),
        ..SimulatorConfig::new(setup.profile, format!("{name}-key-0123456789"))
    };
    Simulator::new(config, clock.clone(), dice.clone())
}

pub(super) fn integration_session(
    name: &SessionName,
) -> whatsapp_integration::config::SessionConfig {
    whatsapp_integration::config::SessionConfig {
        name: name.clone(),
        waha_session: "default".to_owned(),
        api_key: format!("{name}-key-0123456789").into(),
    }
}

pub(super) async fn api_token(store: &Store, clock: &Clock, dice: &Dice) -> String {
    let scopes = queue_api::parse_scopes("read,enqueue,operate").expect("known scopes");
    queue_api::create_token(store, "tests", &scopes, None, clock.now(), dice)
        .await
        .expect("a token")
        .expose_secret()
        .to_owned()
}
