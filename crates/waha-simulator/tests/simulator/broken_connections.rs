//! A broken connection over a real socket: the caller gets no byte of an answer. The only tests here that use the network.

use std::time::Duration;

use chassis::outbound::CallError;
use chassis::serve::serve;
use chassis::{Clock, Dice, Outbound, Shutdown};
use http::Request;
use tokio::net::TcpListener;
use waha_simulator::{Misbehaviour, Profile, Simulator, SimulatorConfig};

use crate::scene::KEY;

async fn listening() -> (Simulator, Outbound, Shutdown) {
    let config = SimulatorConfig::new(Profile::Waha2026_4_1NoWeb, KEY);
    let sim = Simulator::new(config, Clock::system(), Dice::seeded(7));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let shutdown = Shutdown::manual();
    tokio::spawn(serve(
        listener,
        sim.router(),
        shutdown.clone(),
        Duration::from_secs(1),
    ));
    let outbound = Outbound::network(&format!("http://{address}")).expect("a URL");
    (sim, outbound, shutdown)
}

fn ping() -> Request<bytes::Bytes> {
    Request::builder()
        .uri("/ping")
        .body(bytes::Bytes::new())
        .expect("a request")
}

#[tokio::test]
async fn the_caller_gets_no_byte() {
    let (sim, outbound, shutdown) = listening().await;
    let patience = Duration::from_secs(10);
    sim.misbehave(Misbehaviour::Away);
    let outcome = outbound.call(ping(), patience).await;
    let Err(CallError::Broken { reason }) = outcome else {
        panic!("{outcome:?}")
    };
    assert!(
        reason.contains("closed before message completed"),
        "{reason}"
    );
    let answer = outbound.call(ping(), patience).await.expect("an answer");
    assert_eq!(answer.body().as_ref(), b"{\"message\":\"pong\"}");
    shutdown.trigger();
}
