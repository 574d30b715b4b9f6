//! Invitations as the couple handles them.

use domain::config::Language;
use domain::invitation::{InvitationToken, prefilled_text, wa_me_link};
use domain::phone_number::PhoneNumber;
use http::StatusCode;
use qr_picture::QrPicture;
use rstest::rstest;
use serde_json::{Value, json};

use crate::visits::request;
use crate::world::{On, PUBLIC_URL, World, groom, test_config};

/// The link to a spouse with the prefilled text.
fn wa_me(digits: &str, language: Language, names: &str, token: &str) -> String {
    let token: InvitationToken = token.parse().unwrap();
    let number = PhoneNumber::from_whatsapp(digits).unwrap();
    wa_me_link(&number, &prefilled_text(language, names, &token))
}

/// The problems' codes.
fn codes(view: &Value) -> Vec<&str> {
    let problems = view["problems"].as_array().unwrap();
    problems
        .iter()
        .map(|problem| problem["code"].as_str().unwrap())
        .collect()
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn an_invitation_has_everything_that_leads_guests_to_their_spouse(#[case] on: On) {
    let world = World::on(on).await;
    world.groom_connects().await;
    world.bride_connects().await;
    world.couple_is("Giulia", "Marco", "it").await;
    let pia = json!({ "name": "Pia", "side": "bride", "language": "en", "household": "Villa" });
    let path = world.invite(pia).await;

    let answer = world.get(&path).await;

    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.headers["cache-control"], "no-store");
    let view = answer.body;
    let token = view["token"].as_str().unwrap();
    assert_eq!(view["link"], format!("{PUBLIC_URL}/i/{token}"));
    let english = wa_me("393334445555", Language::English, "Giulia and Marco", token);
    assert_eq!(view["wa_me"], english);
    assert_eq!(
        (&view["session"], &view["language"]),
        (&json!("bride"), &json!("en"))
    );
    assert_eq!(view["qr_svg"], format!("/api/v1{path}/qr.svg"));
    assert_eq!(view["qr_png"], format!("/api/v1{path}/qr.png"));
    assert_eq!(view["valid_until"], "2027-06-01T10:00:00Z");
    assert_eq!(
        (&view["revoked_at"], &view["tied_at"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(view["problems"], json!([]));
    assert_eq!(
        path,
        format!(
            "/households/{}/invitation",
            view["household"].as_str().unwrap()
        )
    );
}

#[rstest]
#[case("", "public_url_missing")]
#[case("http://nozze.example.org", "public_url_not_https")]
#[case("https://127.0.0.1:8090", "public_url_not_public")]
#[case("https://192.168.1.20", "public_url_not_public")]
#[case("nozze", "public_url_unreadable")]
#[tokio::test(start_paused = true)]
async fn without_a_public_address_the_couple_is_told_and_paper_works(
    #[case] public_url: &str,
    #[case] code: &str,
) {
    let mut config = test_config();
    config.public_url = public_url.parse().unwrap();
    let world = World::configured(On::Sqlite, config).await;
    world.groom_connects().await;
    let path = world.annas_household(Some(&groom())).await;

    let view = world.get(&path).await.body;

    assert_eq!(codes(&view), [code]);
    let sentence = view["problems"][0]["sentence"].as_str().unwrap();
    assert!(
        sentence.contains("PUBLIC_URL") && sentence.contains("restart"),
        "{sentence}"
    );
    assert_eq!(view["link"], Value::Null);
    assert!(
        view["wa_me"].is_string() && view["qr_svg"].is_string(),
        "{view}"
    );
    assert_eq!(
        world.get(&format!("{path}/qr.svg")).await.status,
        StatusCode::OK
    );
}

#[rstest]
#[case::their_spouses(Some("bride"), "The number of `bride`")]
#[case::nobodys(None, "No spouse's number")]
#[tokio::test(start_paused = true)]
async fn without_a_number_there_is_no_link_but_a_sentence(
    #[case] side: Option<&str>,
    #[case] sentence: &str,
) {
    let world = World::sqlite().await;
    if side.is_some() {
        world.groom_connects().await;
    }
    let path = world.invite(json!({ "name": "Anna", "side": side })).await;

    let view = world.get(&path).await.body;
    let picture = world.get(&format!("{path}/qr.png")).await;

    assert_eq!(codes(&view), ["number_unknown"]);
    let said = view["problems"][0]["sentence"].as_str().unwrap();
    assert!(
        said.starts_with(sentence) && said.contains("link"),
        "{said}"
    );
    for link in ["link", "wa_me", "qr_svg", "qr_png"] {
        assert_eq!(view[link], Value::Null, "{link}");
    }
    assert_eq!(
        (picture.status, picture.code()),
        (StatusCode::CONFLICT, "number_unknown")
    );
    assert_eq!(picture.body["detail"], said);
}

#[tokio::test(start_paused = true)]
async fn guests_of_nobody_in_particular_are_sent_to_whoever_is_linked() {
    let world = World::sqlite().await;
    world.bride_connects().await;
    let path = world.annas_household(None).await;

    let view = world.get(&path).await.body;

    assert_eq!(view["session"], "bride");
    assert_eq!(view["problems"], json!([]));
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn an_invitation_is_renewed_prolonged_and_revoked(#[case] on: On) {
    let world = World::on(on).await;
    world.groom_connects().await;
    let path = world.annas_household(Some(&groom())).await;
    let first = world.invitation_token(&path).await;

    let renewed = world
        .post(&path, json!({ "valid_until": "2026-07-01T00:00:00+02:00" }))
        .await;
    assert_eq!(renewed.status, StatusCode::CREATED, "{}", renewed.body);
    assert_eq!(renewed.headers["location"], format!("/api/v1{path}"));
    assert_eq!(renewed.headers["cache-control"], "no-store");
    assert_eq!(renewed.body["valid_until"], "2026-06-30T22:00:00Z");
    let second = renewed.body["token"].as_str().unwrap().to_owned();
    assert_ne!(second, first);
    assert_eq!(
        world.visit(&format!("/i/{first}")).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        world.visit(&format!("/i/{second}")).await.status,
        StatusCode::OK
    );

    let later = json!({ "valid_until": "2026-08-01T00:00:00Z" });
    let prolonged = world.ask("PATCH", &path, later.clone()).await;
    assert_eq!(prolonged.status, StatusCode::OK, "{}", prolonged.body);
    assert_eq!(prolonged.body["token"], second);
    assert_eq!(prolonged.body["valid_until"], "2026-08-01T00:00:00Z");

    let revoked = world.ask("DELETE", &path, Value::Null).await;
    assert_eq!(revoked.status, StatusCode::NO_CONTENT);
    assert_eq!(
        world.visit(&format!("/i/{second}")).await.status,
        StatusCode::NOT_FOUND
    );
    let view = world.get(&path).await.body;
    assert_eq!(view["revoked_at"], "2026-06-01T10:00:00Z");
    assert_eq!(codes(&view), ["invitation_revoked"]);
    assert_eq!(
        (&view["link"], &view["wa_me"]),
        (&Value::Null, &Value::Null)
    );
    for (method, body) in [("PATCH", later), ("DELETE", Value::Null)] {
        let late = world.ask(method, &path, body).await;
        assert_eq!(
            (late.status, late.code()),
            (StatusCode::CONFLICT, "no_invitation_in_force")
        );
    }
    let qr = world.get(&format!("{path}/qr.svg")).await;
    assert_eq!(
        (qr.status, qr.code()),
        (StatusCode::CONFLICT, "invitation_revoked")
    );

    let audit = world.get("/audit").await.body;
    let deeds = audit["items"].as_array().unwrap().iter();
    let deeds: Vec<_> = deeds.map(|deed| deed["action"].as_str().unwrap()).collect();
    assert_eq!(
        deeds[..3],
        [
            "invitation.revoke",
            "invitation.prolong",
            "invitation.renew"
        ]
    );
    let audit = audit.to_string();
    assert!(
        !audit.contains(&first) && !audit.contains(&second),
        "{audit}"
    );
}

#[tokio::test(start_paused = true)]
async fn an_invitation_that_is_over_says_so_and_can_be_prolonged() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    let path = world.annas_household(Some(&groom())).await;
    let soon = json!({ "valid_until": "2026-06-01T10:00:01Z" });
    assert_eq!(world.ask("PATCH", &path, soon).await.status, StatusCode::OK);
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;

    let view = world.get(&path).await.body;
    assert_eq!(codes(&view), ["invitation_expired"]);
    assert_eq!(view["link"], Value::Null);
    let later = json!({ "valid_until": "2026-09-01T00:00:00Z" });
    let prolonged = world.ask("PATCH", &path, later).await.body;
    assert_eq!(prolonged["problems"], json!([]));
}

#[rstest]
#[case("POST", json!({ "valid_until": "2026-06-01T10:00:00Z" }), "invalid_valid_until")]
#[case("POST", json!({ "valid_until": "tomorrow" }), "invalid_valid_until")]
#[case("PATCH", json!({ "valid_until": "2020-01-01T00:00:00Z" }), "invalid_valid_until")]
#[case("PATCH", json!({}), "invalid_body")]
#[case("PATCH", json!({ "valid_until": null }), "invalid_body")]
#[case("POST", json!({ "token": "K7M-Q4XR-P2W9" }), "invalid_body")]
#[tokio::test(start_paused = true)]
async fn what_cannot_be_changes_nothing(
    #[case] method: &str,
    #[case] body: Value,
    #[case] code: &str,
) {
    let world = World::sqlite().await;
    world.groom_connects().await;
    let path = world.annas_household(Some(&groom())).await;
    let before = world.get(&path).await.body;
    let deeds = world.count("audit_log").await;

    let refused = world.ask(method, &path, body).await;

    assert_eq!(
        (refused.status, refused.code()),
        (StatusCode::UNPROCESSABLE_ENTITY, code)
    );
    assert_eq!(world.get(&path).await.body, before);
    assert_eq!(world.count("audit_log").await, deeds);
}

#[tokio::test(start_paused = true)]
async fn a_household_that_there_is_not() {
    let world = World::sqlite().await;
    let path = "/households/0190b5c8-0000-7000-8000-000000000000/invitation";
    let later = json!({ "valid_until": "2026-08-01T00:00:00Z" });
    for (method, path, body) in [
        ("GET", path.to_owned(), Value::Null),
        ("GET", format!("{path}/qr.svg"), Value::Null),
        ("GET", format!("{path}/qr.png"), Value::Null),
        ("POST", path.to_owned(), json!({})),
        ("PATCH", path.to_owned(), later),
        ("DELETE", path.to_owned(), Value::Null),
    ] {
        let answer = world.ask(method, &path, body).await;
        assert_eq!(
            (answer.status, answer.code()),
            (StatusCode::NOT_FOUND, "not_found")
        );
    }
}

#[rstest]
#[case::short_names("Giulia", "Marco")]
#[case::the_longest_names_there_can_be(&"💌".repeat(80), &"🎉".repeat(80))]
#[tokio::test(start_paused = true)]
async fn the_qr_codes_hold_the_link_itself(#[case] bride: &str, #[case] groom_name: &str) {
    let world = World::sqlite().await;
    world.groom_connects().await;
    world.couple_is(bride, groom_name, "it").await;
    let path = world.annas_household(Some(&groom())).await;
    let token = world.invitation_token(&path).await;
    let names = format!("{bride} e {groom_name}");
    let link = wa_me("393331112222", Language::Italian, &names, &token);
    let expected = QrPicture::of(&link).unwrap();
    let everything = world.token("enqueue").await;

    for (kind, content_type, picture) in [
        (
            "svg",
            "image/svg+xml; charset=utf-8",
            expected.svg().into_bytes(),
        ),
        ("png", "image/png", expected.png(12)),
    ] {
        let mut couples = request(&format!("/api/v1{path}/qr.{kind}"), "127.0.0.1");
        let bearer = format!("Bearer {everything}").parse().unwrap();
        couples.headers_mut().insert("authorization", bearer);
        let couples = world.fetch(couples).await;
        let guests = world.visit(&format!("/i/{token}/qr.{kind}")).await;
        for page in [couples, guests] {
            assert_eq!(page.status, StatusCode::OK);
            assert_eq!(page.headers["content-type"], content_type);
            assert_eq!(page.headers["cache-control"], "no-store");
            assert!(page.bytes == picture, "the {kind} holds something else");
        }
    }
}
