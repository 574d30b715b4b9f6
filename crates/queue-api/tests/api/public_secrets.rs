//! Nobody learns from the public listener whether a token ever was one, and nobody learns one from the logs.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use domain::invitation::InvitationToken;
use rstest::rstest;
use serde_json::json;
use storage::testing::statements_of;

use crate::visits::Page;
use crate::world::{On, World, groom};

/// Tokens that are not in force, each for another reason.
async fn shut(world: &mut World) -> Vec<(&'static str, String)> {
    let wrong = InvitationToken::new(&mut world.dice).to_string();
    let expired = world.annas_household(Some(&groom())).await;
    let revoked = world
        .invite(json!({ "name": "Ugo", "side": "groom" }))
        .await;
    let replaced = world
        .invite(json!({ "name": "Ida", "side": "bride" }))
        .await;
    let tokens = [
        ("wrong", wrong),
        ("expired", world.invitation_token(&expired).await),
        ("revoked", world.invitation_token(&revoked).await),
        ("replaced", world.invitation_token(&replaced).await),
        ("a word", "ciao".to_owned()),
        ("too long", "K7M-Q4XR-P2W9".repeat(20)),
        ("not UTF-8", "%FF%FE".to_owned()),
        ("a path", "%2E%2E%2Fapi".to_owned()),
        ("SQL", "'%20OR%201=1--".to_owned()),
    ];
    let soon = json!({ "valid_until": "2026-06-01T10:00:01Z" });
    world.ask("PATCH", &expired, soon).await;
    world.ask("DELETE", &revoked, json!(null)).await;
    world.post(&replaced, json!({})).await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    tokens.into()
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn every_token_that_is_not_in_force_gets_the_same_bytes_for_the_same_work(#[case] on: On) {
    let mut world = World::on(on).await;
    world.groom_connects().await;
    let good = world
        .invite(json!({ "name": "Pia", "side": "groom" }))
        .await;
    let good = world.invitation_token(&good).await;
    let tokens = shut(&mut world).await;

    for kind in ["", "/qr.svg", "/qr.png"] {
        let visit = async |token: &str| {
            let path = format!("/i/{token}{kind}");
            let (page, statements) = statements_of(Box::pin(world.visit(&path))).await;
            (page.without_id(), statements)
        };
        let (opened, work) = visit(&good).await;
        assert_eq!(opened.status, 200);
        assert!(work.len() >= 4, "{work:?}");
        let (expected, _) = visit("nothing").await;
        assert_eq!(expected.status, 404);
        for (why, token) in &tokens {
            let (page, statements) = visit(token).await;
            assert_eq!(page, expected, "{why}");
            assert_eq!(statements, work, "{why}");
        }
    }
}

#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Vec<u8>>>);

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn no_log_shows_a_token_a_link_or_a_number() {
    let memory = Memory::default();
    let writer = memory.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .with_ansi(false)
        .finish();
    // for the whole process: the database works on threads of its own
    tracing::subscriber::set_global_default(subscriber).expect("only this test listens");
    let mut world = World::sqlite().await;
    world.groom_connects().await;
    let path = world.annas_household(Some(&groom())).await;
    let unlinked = world
        .invite(json!({ "name": "Ida", "side": "bride" }))
        .await;
    let mut secrets = vec![
        world.invitation_token(&path).await,
        world.invitation_token(&unlinked).await,
    ];
    let shut = shut(&mut world).await;
    secrets.extend(shut.into_iter().take(4).map(|(_, token)| token));

    for secret in &secrets {
        for kind in ["", "/qr.svg", "/qr.png", "/elsewhere"] {
            let _: Page = world.visit(&format!("/i/{secret}{kind}")).await;
        }
    }
    world.get(&format!("{path}/qr.svg")).await;
    world.post(&path, json!({})).await;
    secrets.push(world.invitation_token(&path).await);
    world.ask("DELETE", &path, json!(null)).await;

    let log = String::from_utf8(memory.0.lock().unwrap().clone()).unwrap();
    assert!(
        log.contains("/i/{token}") && log.contains("/i/{token}/qr.svg"),
        "{log}"
    );
    assert!(log.contains("the number is not known"), "{log}");
    for secret in secrets
        .iter()
        .map(String::as_str)
        .chain(["wa.me", "393331112222"])
    {
        let start = &secret[..secret.len().min(8)];
        assert!(!log.contains(start), "{start} is in the log");
    }
}
