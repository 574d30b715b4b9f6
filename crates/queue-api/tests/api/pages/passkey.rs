//! Linking an account that WhatsApp asks for a passkey: the page and the API, without script.

use chassis::Problem;
use domain::session::SessionState;
use http::{StatusCode, header};
use rstest::rstest;
use serde_json::{Value, json};

use super::browser::{Browser, goes_to};
use crate::neighbours::{Integration, session_view};
use crate::visits::Page;
use crate::world::{On, World, test_config};

const OPTIONS: &str =
    r#"{"timeout":60000, "challenge":"9WVUYm9AsQ<needle>","rpId":"web.whatsapp.com"}"#;
const ASSERTION: &str = r#"{"id":"AX8b", "rawId":"AX8b","needle":"MEUCIQDA"}"#;

impl World {
    async fn groom_has(&self, state: SessionState, problem: Option<&str>, server: &str) {
        let mut view = session_view(state.as_str());
        view["problem"] = json!(problem);
        view["server"] = json!(server);
        view["fact"] = json!("session");
        view["at"] = json!(self.clock.now());
        let answer = self.report("groom", json!([view])).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
    }

    /// WhatsApp waits for the answer to [`OPTIONS`].
    async fn is_asked(&self, answered: bool, asked_again: bool) {
        self.groom_has(SessionState::Qr, Some("passkey_required"), "2026.10.1 GOWS")
            .await;
        let challenge = json!({"options": OPTIONS, "expires_in_ms": 57_900, "answered": answered, "asked_again": asked_again});
        self.integration
            .asks(json!({"challenge": challenge, "confirmation": null}));
    }

    async fn shows_a_code(&self, confirmed: bool) {
        let problem = Some("passkey_confirmation_required");
        self.groom_has(SessionState::Qr, problem, "2026.10.1 GOWS")
            .await;
        let code = json!({"code": "1234", "confirmed": confirmed});
        self.integration
            .asks(json!({"challenge": null, "confirmation": code}));
    }

    async fn looks(&self, browser: &mut Browser) -> Page {
        browser.get(self, "/pairing/groom").await
    }

    fn has_call(&self, call: &str) -> bool {
        self.integration.calls().iter().any(|made| made == call)
    }
}

/// As it stands in the page.
fn escaped(text: &str) -> String {
    let text = text.replace('&', "&#38;").replace('"', "&#34;");
    text.replace('<', "&#60;").replace('>', "&#62;")
}

#[tokio::test(start_paused = true)]
async fn the_extension_is_offered_before_the_scan() {
    let mut config = test_config();
    config.passkey_extension = "abcdefghijklmnopabcdefghijklmnop".parse().unwrap();
    let world = World::configured(On::Sqlite, config).await;
    world
        .groom_has(SessionState::Qr, None, "2026.10.1 GOWS")
        .await;
    let mut browser = Browser::of_operator(&world).await;
    let page = world.looks(&mut browser).await;
    let text = page.text();
    for part in [
        "data-passkey-extension=\"abcdefghijklmnopabcdefghijklmnop\"",
        "https://chromewebstore.google.com/detail/abcdefghijklmnopabcdefghijklmnop",
        "https://addons.mozilla.org/firefox/addon/whatsapp-browser-extension/",
        "qr.png",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!world.has_call("GET groom/passkey"), "nothing is asked yet");
}

#[tokio::test(start_paused = true)]
async fn the_challenge_is_in_the_page_as_it_is_and_kept_nowhere() {
    let world = World::sqlite().await;
    world.is_asked(false, false).await;
    let mut browser = Browser::of_operator(&world).await;
    let page = world.looks(&mut browser).await;
    let text = page.text();
    let button = format!("data-passkey-sign=\"{}\"", escaped(OPTIONS));
    assert!(text.contains(&button), "{text}");
    assert!(text.contains(&format!("const options = {};", escaped(OPTIONS))));
    assert!(text.contains("const options") && text.contains("allow pasting"));
    assert!(text.contains("data-seconds=\"57\""), "{text}");
    assert!(!text.contains("qr.png"), "no QR is shown meanwhile");
    assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");

    let sent = [("assertion", ASSERTION)];
    let done = browser
        .post(&world, &page, "/pairing/groom/passkey", &sent)
        .await;
    assert_eq!(goes_to(&done), "/pairing/groom?said=passkey-sent");
    let body = json!({"assertion": ASSERTION});
    assert!(world.has_call(&format!("POST groom/passkey {body}")));
    world.keeps_no("needle").await;
    world.keeps_no("MEUCIQDA").await;
    let audit = world.get("/audit").await.body;
    let newest = &audit["items"][0];
    assert_eq!(
        (&newest["action"], &newest["subject"], &newest["actor"]),
        (
            &json!("session.answer_passkey"),
            &json!("groom"),
            &json!("Olga")
        )
    );
    let changes = browser.get(&world, "/settings/changes").await;
    assert!(changes.text().contains("request for a passkey"));
}

impl World {
    /// Nothing in the database, row by row, holds it.
    async fn keeps_no(&self, needle: &str) {
        let row = self.database.dump().await.into_iter();
        let found: Vec<_> = row.filter(|row| row.contains(needle)).collect();
        assert!(found.is_empty(), "{found:?}");
    }
}

/// The page with the code to type shows itself again and again, and so leads on.
#[tokio::test(start_paused = true)]
async fn the_page_of_the_pairing_code_leads_to_the_passkey() {
    let world = World::sqlite().await;
    world.is_asked(false, false).await;
    let mut browser = Browser::of_operator(&world).await;
    let page = browser.get(&world, "/pairing/groom/code").await;
    assert_eq!(goes_to(&page), "/pairing/groom");
}

#[tokio::test(start_paused = true)]
async fn the_code_is_compared_and_confirmed_or_not() {
    let world = World::sqlite().await;
    world.shows_a_code(false).await;
    let mut browser = Browser::of_operator(&world).await;
    let page = world.looks(&mut browser).await;
    assert!(page.text().contains("<p class=\"code\">1234</p>"));
    let path = "/pairing/groom/passkey/confirm";
    let done = browser.post(&world, &page, path, &[("code", "1234")]).await;
    assert_eq!(goes_to(&done), "/pairing/groom?said=passkey-confirmed");
    let body = json!({"code": "1234"});
    assert!(world.has_call(&format!("POST groom/passkey/confirm {body}")));

    let path = "/pairing/groom/passkey/mismatch";
    let done = browser.post(&world, &page, path, &[]).await;
    assert_eq!(goes_to(&done), "/pairing/groom?said=passkey-mismatch");
    assert!(world.has_call("POST groom/restart"));
    let confirms = world.integration.calls().into_iter();
    let confirms = confirms.filter(|call| call.contains("confirm")).count();
    assert_eq!(confirms, 1, "differing codes are not confirmed");
    world.shows_a_code(true).await;
    let waits = world.looks(&mut browser).await;
    assert!(!waits.text().contains("passkey/confirm"));
}

#[rstest]
#[case("invalid_passkey_answer", StatusCode::UNPROCESSABLE_ENTITY)]
#[case("other_passkey_challenge", StatusCode::CONFLICT)]
#[case("passkey_expired", StatusCode::CONFLICT)]
#[case("passkey_step_made", StatusCode::CONFLICT)]
#[case("passkey_uncertain", StatusCode::CONFLICT)]
#[case("no_passkey_pending", StatusCode::CONFLICT)]
#[case("other_passkey_code", StatusCode::CONFLICT)]
#[case("passkey_not_supported", StatusCode::CONFLICT)]
#[case("passkey_refused", StatusCode::BAD_GATEWAY)]
#[tokio::test(start_paused = true)]
async fn what_goes_wrong_has_a_sentence(#[case] code: &'static str, #[case] status: StatusCode) {
    let world = World::sqlite().await;
    world.is_asked(false, false).await;
    for mut browser in [
        Browser::of_operator(&world).await,
        Browser::of_groom(&world).await,
    ] {
        let page = world.looks(&mut browser).await;
        world.integration.refuses(Problem::new(status, code));
        let path = "/pairing/groom/passkey";
        let sent = [("assertion", ASSERTION)];
        let back = browser.post(&world, &page, path, &sent).await;
        assert_eq!(goes_to(&back), format!("/pairing/groom?said={code}"));
        world.integration.agrees();
        let page = browser.get(&world, goes_to(&back)).await;
        assert!(page.text().contains("class=\"said\""), "{}", page.text());
    }
    let audit = world.get("/audit").await.body.to_string();
    assert!(!audit.contains("session.answer_passkey"), "{audit}");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_leads_nowhere_is_called_stuck() {
    let world = World::sqlite().await;
    let mut browser = Browser::of_operator(&world).await;
    world.is_asked(true, false).await;
    let sent = world.looks(&mut browser).await;
    assert!(sent.text().contains("WhatsApp is checking it"));
    assert!(!sent.text().contains("Business") && !sent.text().contains("name=\"assertion\""));
    world.is_asked(false, true).await;
    let stuck = world.looks(&mut browser).await;
    assert!(stuck.text().contains("Business accounts on iPhones"));
    assert!(stuck.text().contains("name=\"assertion\""), "one may try");
}

#[tokio::test(start_paused = true)]
async fn a_challenge_that_may_be_answered_is_not_offered_again() {
    let world = World::sqlite().await;
    world.is_asked(false, false).await;
    let challenge = json!({"options": OPTIONS, "expires_in_ms": 57_900, "answered": false, "asked_again": false, "uncertain": true});
    world
        .integration
        .asks(json!({"challenge": challenge, "confirmation": null}));
    let mut browser = Browser::of_operator(&world).await;
    let page = world.looks(&mut browser).await;
    let text = page.text();
    assert!(
        text.contains("does not know whether you approved"),
        "{text}"
    );
    assert!(!text.contains("data-passkey-sign") && !text.contains("name=\"assertion\""));
    let read = world.get("/sessions/groom/passkey").await.body;
    assert_eq!(read["challenge"]["uncertain"], true, "{read}");
}

/// What a step did is said only while WhatsApp still asks.
#[tokio::test(start_paused = true)]
async fn the_sentence_of_a_step_goes_when_the_phone_is_linked() {
    let world = World::sqlite().await;
    let mut browser = Browser::of_operator(&world).await;
    let path = "/pairing/groom?said=passkey-sent";
    world.is_asked(true, false).await;
    let asked = browser.get(&world, path).await;
    assert!(asked.text().contains("Sent. WhatsApp is checking it"));
    world
        .groom_has(SessionState::Connected, None, "2026.10.1 GOWS")
        .await;
    let linked = browser.get(&world, path).await;
    assert!(
        !linked.text().contains("is checking it"),
        "{}",
        linked.text()
    );
}

#[rstest]
#[case("2026.10.1 NOWEB", true)]
#[case("2026.10.1 WEBJS", true)]
#[case("2026.10.1 WPP", true)]
#[case("2026.6.1 GOWS", true)]
#[case("2026.10.1 GOWS", false)]
#[tokio::test(start_paused = true)]
async fn a_server_that_cannot_names_the_image_that_can(#[case] server: &str, #[case] lacks: bool) {
    let world = World::sqlite().await;
    let mut browser = Browser::of_operator(&world).await;
    for state in [SessionState::Qr, SessionState::Failed] {
        world.groom_has(state, None, server).await;
        let page = world.looks(&mut browser).await;
        let image = page.text().contains("devlikeapro/waha:gows-2026.10.1");
        assert_eq!(image, lacks, "{}", page.text());
        let arm = page.text().contains("(on ARM: docs/waha.md)");
        assert_eq!(arm, lacks, "{}", page.text());
    }
}

#[tokio::test(start_paused = true)]
async fn an_integration_that_is_away_leaves_the_page_readable() {
    let world = World::sqlite().await;
    world.is_asked(false, false).await;
    let mut browser = Browser::of_operator(&world).await;
    for break_down in [Integration::hangs, Integration::goes_away] {
        break_down(&world.integration);
        let asked = world.clock.now();
        let page = world.looks(&mut browser).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text().contains("cannot be read at this moment"));
        assert!((world.clock.now() - asked).num_seconds() <= 6);
    }
}

#[tokio::test(start_paused = true)]
async fn a_program_answers_and_confirms() {
    let world = World::sqlite().await;
    world.is_asked(false, false).await;
    let session = world.get("/sessions/groom").await.body;
    assert_eq!(session["problem"], "passkey_required");
    assert!(session["advice"].as_str().unwrap().contains("…/passkey"));
    let read = world.get("/sessions/groom/passkey").await;
    assert_eq!(read.headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(
        read.body,
        json!({
            "challenge": {"options": OPTIONS, "expires_in_ms": 57_900, "answered": false, "asked_again": false, "uncertain": false},
            "confirmation": null,
        })
    );
    let answer = json!({"assertion": ASSERTION});
    let done = world.post("/sessions/groom/passkey", answer).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT);
    world.shows_a_code(false).await;
    let read = world.get("/sessions/groom/passkey").await.body;
    assert_eq!(read["confirmation"]["code"], "1234");
    let code = json!({"code": "1234"});
    let done = world.post("/sessions/groom/passkey/confirm", code).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT);
    let audit = world.get("/audit").await.body;
    let actions: Vec<&Value> = audit["items"].as_array().unwrap().iter().collect();
    assert_eq!(actions[0]["action"], "session.confirm_passkey");
    assert_eq!(actions[1]["action"], "session.answer_passkey");
    world.keeps_no("MEUCIQDA").await;
}
