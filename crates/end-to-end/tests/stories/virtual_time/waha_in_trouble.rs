//! WAHA down, its key wrong, its session not connected: the row and the session end as in the tables
//! of design §5, and no attempt is used where none was made.

use std::time::Duration;

use axum::{
    Json, Router,
    extract::Request,
    middleware::{Next, from_fn},
    routing::get,
};
use chrono::TimeDelta;
use http::Method;
use serde_json::{Value, json};
use storage::testing::TestDatabase;
use waha_simulator::{Misbehaviour, Profile, RecordedCall, Status};

use super::{
    setup::Setup,
    system::{System, session},
};

const ZIA: &str = "393470000001";

/// A system whose guest has written, and nothing is queued yet.
async fn with_a_guest_who_wrote() -> System {
    let system = System::start(TestDatabase::sqlite().await, Setup::default()).await;
    let hello = system
        .enqueue("groom", "+39 347 000 0001", "Benvenuta!")
        .await;
    system.waha("groom").guest(ZIA).write("Ciao");
    system.until(&hello, "sent", Duration::from_mins(5)).await;
    tokio::time::sleep(Duration::from_mins(70)).await;
    system.waha("groom").guest(ZIA).write("Ci sei?");
    tokio::time::sleep(Duration::from_secs(10)).await;
    system
}

#[tokio::test(start_paused = true)]
async fn while_waha_is_down_the_message_waits_and_goes_when_it_is_back() {
    let system = with_a_guest_who_wrote().await;
    let peer = &system.waha_peers[&session("groom")];
    peer.stop();
    let id = system.enqueue("groom", "+39 347 000 0001", "Eccomi").await;
    tokio::time::sleep(Duration::from_mins(10)).await;
    let waiting = system.message(&id).await;
    assert_eq!(waiting["status"], "pending", "{waiting:#}");
    assert_eq!(waiting["wait"]["reason"], "session_away", "{waiting:#}");
    peer.start(system.waha("groom").router());
    let sent = system.until(&id, "sent", Duration::from_mins(10)).await;
    assert_eq!(system.waha("groom").phone(ZIA).len(), 2, "{sent:#}");
}

/// The integration hears first that the session is back, and tells queue-api: the worker reads the chats at once all the same.
#[tokio::test(start_paused = true)]
async fn what_no_webhook_told_is_read_as_soon_as_the_session_is_back() {
    let system = with_a_guest_who_wrote().await;
    let waha = system.waha("groom");
    let lost = Misbehaviour::WebhooksLost { chance: 1.0 };
    waha.misbehave(lost.always().of_event("message.any"));
    for minutes in [1, 2, 3] {
        waha.lose_network(Duration::from_mins(minutes));
        let text = format!("Dopo {minutes} minuti");
        waha.guest(ZIA).write(&text);
        tokio::time::sleep(Duration::from_mins(minutes)).await;
        tokio::time::sleep(Duration::from_secs(20)).await;
        let texts = "SELECT body AS value FROM conversation_message ORDER BY at";
        let texts = system.database.texts(texts).await;
        assert!(texts.contains(&Some(text)), "{texts:?}");
    }
}

/// WAHA refuses one guest's chat for hours: it is asked for less and less, a warning says so, and everything else goes on.
#[tokio::test(start_paused = true)]
async fn a_chat_that_cannot_be_read_keeps_nothing_else_waiting() {
    let system = with_a_guest_who_wrote().await;
    let waha = system.waha("groom");
    let other = "393470000002";
    waha.misbehave(Misbehaviour::ReadsFail.always().towards(ZIA));
    let lost = Misbehaviour::WebhooksLost { chance: 1.0 };
    waha.misbehave(lost.always().of_event("message.any"));
    let refused = system.enqueue("groom", "+39 347 000 0001", "Eccomi").await;
    let welcome = system.enqueue("groom", "+39 347 000 0002", "Ciao!").await;
    waha.guest(ZIA).write("Quando?");
    waha.guest(other).write("Ciao");

    // found in the chats, though one of them cannot be read
    system
        .until(&welcome, "sent", Duration::from_mins(30))
        .await;
    tokio::time::sleep(Duration::from_hours(1)).await;
    let waiting = system.message(&refused).await;
    assert_eq!(waiting["status"], "pending", "{waiting:#}");
    let asked = "/api/v1/sessions/groom";
    let (_, shown) = system.call(Method::GET, asked, None).await;
    assert_eq!(shown["warnings"][0]["code"], "chats_unread", "{shown:#}");
    assert_eq!(shown["state"], "connected", "{shown:#}");
    waha.behave();
    tokio::time::sleep(Duration::from_mins(65)).await;
    let texts = "SELECT body AS value FROM conversation_message ORDER BY at";
    let texts = system.database.texts(texts).await;
    assert!(texts.contains(&Some("Quando?".to_owned())), "{texts:?}");
    let (_, shown) = system.call(Method::GET, asked, None).await;
    assert_eq!(shown["warnings"], serde_json::json!([]), "{shown:#}");
}

#[tokio::test(start_paused = true)]
async fn a_refused_key_is_named_and_waits_for_a_person() {
    let system = with_a_guest_who_wrote().await;
    system
        .waha("groom")
        .misbehave(Misbehaviour::WrongKey.always());
    let id = system.enqueue("groom", "+39 347 000 0001", "Eccomi").await;
    tokio::time::sleep(Duration::from_mins(10)).await;
    let waiting = system.message(&id).await;
    assert_eq!(waiting["wait"]["reason"], "key_refused", "{waiting:#}");
    system.waha("groom").behave();
    system.until(&id, "sent", Duration::from_mins(10)).await;
    assert_eq!(system.waha("groom").phone(ZIA).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn unlinked_on_the_phone_the_message_waits_for_a_scan() {
    let system = with_a_guest_who_wrote().await;
    system.waha("groom").unlink_from_phone();
    let id = system.enqueue("groom", "+39 347 000 0001", "Eccomi").await;
    tokio::time::sleep(Duration::from_mins(10)).await;
    let waiting = system.message(&id).await;
    assert_eq!(waiting["status"], "pending", "{waiting:#}");
    assert_eq!(
        waiting["wait"]["reason"], "session_needs_scan",
        "{waiting:#}"
    );
    assert_eq!(system.waha("groom").phone(ZIA).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_unreachable_number_fails_and_does_not_lock() {
    let system = with_a_guest_who_wrote().await;
    system.waha("groom").misbehave(Misbehaviour::NoLid);
    let id = system.enqueue("groom", "+39 347 000 0001", "Eccomi").await;
    let failed = system.until(&id, "failed", Duration::from_mins(10)).await;
    assert_eq!(failed["last_error"], "not_reachable", "{failed:#}");
    let row = system
        .store
        .session(&session("groom"))
        .await
        .expect("the database")
        .expect("the session");
    assert_eq!(row.lock, None);
}

/// The end that WhatsApp named is over, but WAHA shows the restriction as active all the same.
#[tokio::test(start_paused = true)]
async fn a_restriction_whose_end_has_passed_locks_no_more() {
    let system = with_a_guest_who_wrote().await;
    let ends = system.world.now() + TimeDelta::hours(1);
    system.waha("groom").restrict(Some(ends));
    tokio::time::sleep(Duration::from_hours(7)).await;
    let locks = "SELECT lock_count AS value FROM session_number WHERE session = 'groom'";
    assert_eq!(system.database.ints(locks).await, [Some(1)]);
    let id = system.enqueue("groom", "+39 347 000 0001", "Eccomi").await;
    system.until(&id, "sent", Duration::from_mins(30)).await;
}

/// WAHA takes this long to answer for the groom's session.
fn answer_slowly(system: &System, delay: Duration) {
    let slow = move |request: Request, next: Next| async move {
        if request.method() == Method::GET && request.uri().path() == "/api/sessions/default" {
            tokio::time::sleep(delay).await;
        }
        next.run(request).await
    };
    let router = system.waha("groom").router().layer(from_fn(slow));
    system.waha_peers[&session("groom")].start(router);
}

/// Chats are read within 20 s, and the session is seen connected; but no composition waits so long for its own number.
#[tokio::test(start_paused = true)]
async fn a_waha_too_slow_to_name_its_number_is_asked_less_and_less_and_told_of() {
    let system = with_a_guest_who_wrote().await;
    let waha = system.waha("groom");
    let path = "/api/v1/sessions/groom";
    let since = system.call(Method::GET, path, None).await.1["since"].clone();
    let before = waha.record().len();
    answer_slowly(&system, Duration::from_secs(15));
    let id = system.enqueue("groom", "+39 347 000 0001", "Eccomi").await;
    tokio::time::sleep(Duration::from_hours(3)).await;

    let (_, shown) = system.call(Method::GET, path, None).await;
    let told = [&shown["state"], &shown["problem"], &shown["since"]];
    assert_eq!(
        told,
        [&json!("connected"), &json!("sending_unstable"), &since],
        "{shown:#}"
    );
    let tries =
        "SELECT CAST(count(*) AS BIGINT) AS value FROM send_reservation WHERE state = 'abandoned'";
    let tries = system.database.ints(tries).await[0].expect("a count");
    let record = waha.record().split_off(before);
    let count = |is_it: fn(&RecordedCall) -> bool| record.iter().filter(|e| is_it(&e.what)).count();
    let lists = count(|call| matches!(call, RecordedCall::ChatsRead));
    let typing = count(|call| matches!(call, RecordedCall::TypingStarted { .. }));
    println!("{tries} tries, {lists} lists of chats, {typing} times typing in three hours");
    assert!((4..=10).contains(&tries), "{tries} tries");
    assert!(lists <= 120, "all chats were listed {lists} times");
    assert_eq!(typing, 0);

    answer_slowly(&system, Duration::ZERO);
    let sent = system.until(&id, "sent", Duration::from_mins(65)).await;
    assert_eq!(waha.phone(ZIA).len(), 2, "{sent:#}");
    let (_, shown) = system.call(Method::GET, path, None).await;
    assert_eq!(shown["problem"], Value::Null, "{shown:#}");
}

#[tokio::test(start_paused = true)]
async fn a_waha_that_takes_five_seconds_to_name_its_number_sends() {
    let system = with_a_guest_who_wrote().await;
    answer_slowly(&system, Duration::from_secs(5));
    let id = system.enqueue("groom", "+39 347 000 0001", "Eccomi").await;
    system.until(&id, "sent", Duration::from_mins(5)).await;
}

/// The container is started with an older image, and then again with the newer one.
#[tokio::test(start_paused = true)]
async fn nothing_is_sent_through_a_server_that_is_too_old() {
    let system = with_a_guest_who_wrote().await;
    let peer = &system.waha_peers[&session("groom")];
    let release = json!({"version": "2025.12.3", "engine": "GOWS", "tier": "CORE"});
    let older = Router::new()
        .route("/api/server/version", get(async || Json(release)))
        .fallback_service(system.waha("groom").router());
    peer.stop();
    tokio::time::sleep(Duration::from_mins(1)).await;
    peer.start(older);
    tokio::time::sleep(Duration::from_mins(1)).await;
    let id = system.enqueue("groom", "+39 347 000 0001", "Eccomi").await;
    tokio::time::sleep(Duration::from_hours(3)).await;
    let waiting = system.message(&id).await;
    assert_eq!(waiting["wait"]["reason"], "session_away", "{waiting:#}");
    let asked = "/api/v1/sessions/groom";
    let (_, shown) = system.call(Method::GET, asked, None).await;
    assert_eq!(shown["problem"], "too_old", "{shown:#}");
    let image = "devlikeapro/waha:gows-2026.10.1";
    assert_eq!(shown["waha_image"], image, "{shown:#}");
    assert_eq!(system.waha("groom").phone(ZIA).len(), 1, "nothing was sent");

    peer.stop();
    tokio::time::sleep(Duration::from_mins(1)).await;
    peer.start(system.waha("groom").router());
    system.until(&id, "sent", Duration::from_mins(10)).await;
}

#[tokio::test(start_paused = true)]
async fn a_release_with_a_known_defect_sends_and_says_where_to_move() {
    let setup = Setup {
        profile: Profile::Waha2026_8Gows,
        ..Setup::default()
    };
    let system = System::start(TestDatabase::sqlite().await, setup).await;
    let id = system.enqueue("groom", "+39 347 000 0001", "Eccomi").await;
    system.waha("groom").guest(ZIA).write("Ciao");
    system.until(&id, "sent", Duration::from_mins(5)).await;
    let asked = "/api/v1/sessions/groom";
    let (_, shown) = system.call(Method::GET, asked, None).await;
    assert_eq!(shown["state"], "connected", "{shown:#}");
    assert_eq!(shown["problem"], "known_bad", "{shown:#}");
    let image = "devlikeapro/waha:gows-2026.10.1";
    assert_eq!(shown["waha_image"], image, "{shown:#}");
}

/// The restart that the system makes by itself does not help: the session says what a person must do, and that helps.
#[tokio::test(start_paused = true)]
async fn a_store_that_no_restart_mends_is_named_with_what_to_do() {
    let system = System::start(TestDatabase::sqlite().await, Setup::default()).await;
    let waha = system.waha("groom");
    waha.refuse_store(1);
    tokio::time::sleep(Duration::from_mins(20)).await;
    let record = waha.record();
    let restarts = record
        .iter()
        .filter(|entry| entry.what == RecordedCall::SessionRestarted);
    assert_eq!(restarts.count(), 1);
    let advice = "WAHA's message store cannot be read, so missed messages cannot be found again: log out and link the phone anew.";
    let shown = system.shown_session("groom").await;
    assert_eq!(shown["state"], "connected", "{shown:#}");
    assert_eq!(shown["problem"], "store_off", "{shown:#}");
    assert_eq!(shown["advice"], advice, "{shown:#}");
    let link = "/api/v1/sessions/groom/link";
    let (_, linked) = system.call(Method::POST, link, None).await;
    let sentence = format!("The phone is linked. {advice}");
    assert_eq!(linked["sentence"], sentence, "{linked:#}");

    system.control("groom", "logout").await;
    system.control("groom", "link").await;
    waha.until_status(Status::ScanQrCode).await;
    waha.scan_qr().expect("a code to scan");
    tokio::time::sleep(Duration::from_mins(2)).await;
    let shown = system.shown_session("groom").await;
    assert_eq!(shown["state"], "connected", "{shown:#}");
    assert!(shown["problem"].is_null(), "{shown:#}");
}
