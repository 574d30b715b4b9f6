//! What guests see on the public listener.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::session::SessionName;
use http::{Method, StatusCode};
use rstest::rstest;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::visits::{Page, request};
use crate::world::{On, World, groom};

fn bride() -> SessionName {
    SessionName::parse("bride").unwrap()
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split_once(before).expect(before).1;
    rest.split_once(after).expect(after).0
}

/// What a person reads: the text outside of all tags and of the style.
fn read_aloud(page: &Page) -> String {
    let body = between(page.text(), "<body>", "</body>");
    let pieces = body.split('<').map(|piece| {
        let text = piece.split_once('>').map_or(piece, |(_, text)| text);
        text.trim()
    });
    let pieces: Vec<_> = pieces.filter(|piece| !piece.is_empty()).collect();
    pieces.join(" | ")
}

/// Without script, frame, form or anything from elsewhere; the only address on it is the button's.
fn assert_plain(page: &Page) {
    let html = page.text();
    for forbidden in ["<script", "<iframe", "<form", "<img", "<link", "url("] {
        assert!(!html.contains(forbidden), "{forbidden} in {html}");
    }
    for tag in html.split('<').filter_map(|piece| piece.split_once('>')) {
        for attribute in [" on", " src=", " style=", " srcset="] {
            assert!(!tag.0.contains(attribute), "{attribute} in <{}>", tag.0);
        }
    }
    assert_eq!(
        html.matches("http").count(),
        html.matches("https://wa.me/").count()
    );
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
}

#[rstest]
#[case::italian(
    On::Sqlite,
    "it",
    "Giulia e Marco | Contatta su WhatsApp | Il messaggio è già scritto: basta inviarlo."
)]
#[case::english(
    On::Postgres,
    "en",
    "Giulia and Marco | Write on WhatsApp | The message is already written: just send it."
)]
#[tokio::test(start_paused = true)]
async fn the_back_of_the_letter_is_the_names_and_one_button(
    #[case] on: On,
    #[case] language: &str,
    #[case] said: &str,
) {
    let world = World::on(on).await;
    world.groom_connects().await;
    world.bride_connects().await;
    world.couple_is("Giulia", "Marco", "it").await;
    let anna = json!({ "name": "Anna", "household": "Villa Rossi", "side": "bride", "language": language });
    let path = world.invite(anna).await;
    let token = world.invitation_token(&path).await;
    let wa_me = world.get(&path).await.body["wa_me"].clone();

    let page = world.visit(&format!("/i/{token}")).await;

    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(read_aloud(&page), said);
    assert_plain(&page);
    let html = page.text();
    assert_eq!(html.matches("<a ").count(), 1);
    assert_eq!(between(html, "<a class=\"button\" href=\"", "\""), wa_me);
    assert!(
        html.contains(&format!("<html lang=\"{language}\">")),
        "{html}"
    );
    for private in ["Anna", "Rossi", "393331112222"] {
        assert!(!html.contains(private), "{private}");
    }
}

#[rstest]
#[case("it", "Il nostro matrimonio")]
#[case("en", "Our wedding")]
#[tokio::test(start_paused = true)]
async fn a_couple_without_names_has_a_wedding_all_the_same(
    #[case] language: &str,
    #[case] title: &str,
) {
    let world = World::sqlite().await;
    world.groom_connects().await;
    world.couple_is("", " ", language).await;
    let path = world.annas_household(Some(&groom())).await;
    let token = world.invitation_token(&path).await;

    let page = world.visit(&format!("/i/{token}")).await;

    assert!(read_aloud(&page).starts_with(&format!("{title} | ")));
    assert_eq!(between(page.text(), "<title>", "</title>"), title);
}

#[tokio::test(start_paused = true)]
async fn names_are_text_whatever_is_in_them() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    world
        .couple_is("<b>Giulia\"</b>", "Marco & 'co", "en")
        .await;
    let path = world.annas_household(Some(&groom())).await;
    let token = world.invitation_token(&path).await;

    let page = world.visit(&format!("/i/{token}")).await;

    assert!(!page.text().contains("<b>"));
    let title = between(page.text(), "<title>", "</title>");
    assert_eq!(
        title,
        "&#60;b&#62;Giulia&#34;&#60;/b&#62; and Marco &#38; &#39;co"
    );
    assert_eq!(page.text().matches("<a ").count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_token_is_read_as_people_type_it() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    let path = world.annas_household(Some(&groom())).await;
    let token = world.invitation_token(&path).await;
    let page = world.visit(&format!("/i/{token}")).await.without_id();

    for typed in [
        token.to_lowercase(),
        token.replace('-', ""),
        token.replace('-', "%20"),
    ] {
        assert_eq!(world.visit(&format!("/i/{typed}")).await.without_id(), page);
    }
}

#[rstest]
#[case("it", "Riprovate più tardi!")]
#[case("en", "Please come back later!")]
#[tokio::test(start_paused = true)]
async fn while_the_number_is_not_known_there_is_a_friendly_sentence_and_no_link(
    #[case] language: &str,
    #[case] end: &str,
) {
    let world = World::sqlite().await;
    world.groom_connects().await;
    world.couple_is("Giulia", "Marco", language).await;
    let path = world.annas_household(Some(&bride())).await;
    let token = world.invitation_token(&path).await;

    for address in ["", "/qr.svg", "/qr.png"] {
        let page = world.visit(&format!("/i/{token}{address}")).await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(read_aloud(&page).starts_with("Giulia ") && read_aloud(&page).ends_with(end));
        assert!(!page.text().contains("<a ") && !page.text().contains("wa.me"));
        assert_plain(&page);
    }
    world.bride_connects().await;
    assert_eq!(
        world.visit(&format!("/i/{token}")).await.status,
        StatusCode::OK
    );
}

#[tokio::test(start_paused = true)]
async fn every_answer_is_guarded_whoever_made_it() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    let path = world.annas_household(Some(&groom())).await;
    let unlinked = world.annas_household(Some(&bride())).await;
    let (good, unlinked) = (
        world.invitation_token(&path).await,
        world.invitation_token(&unlinked).await,
    );
    let mut posted = request(&format!("/i/{good}"), "198.51.100.7");
    *posted.method_mut() = Method::POST;
    let pages = [
        (world.visit(&format!("/i/{good}")).await, 200),
        (world.visit(&format!("/i/{good}/qr.svg")).await, 200),
        (world.visit(&format!("/i/{unlinked}")).await, 200),
        (world.visit("/i/K7M-Q4XR-P2W9").await, 404),
        (world.visit("/").await, 404),
        (world.visit("/healthz").await, 200),
        (world.visit_with(posted).await, 405),
    ];
    let html = pages[0].0.text();
    let style = between(html, "<style>", "</style>");
    let hash = STANDARD.encode(Sha256::digest(style));

    for (page, status) in &pages {
        assert_eq!(page.status.as_u16(), *status);
        assert_eq!(page.headers["cache-control"], "no-store");
        assert_eq!(page.headers["referrer-policy"], "no-referrer");
        assert_eq!(page.headers["x-robots-tag"], "noindex, nofollow");
        assert_eq!(page.headers["x-content-type-options"], "nosniff");
        let https = &page.headers["strict-transport-security"];
        assert_eq!(https, "max-age=31536000; includeSubDomains");
        assert!(!page.headers.contains_key("set-cookie"));
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        for part in [
            "default-src 'none'",
            &format!("style-src 'sha256-{hash}'"),
            "frame-ancestors 'none'",
            "form-action 'none'",
            "base-uri 'none'",
        ] {
            assert!(
                policy.split("; ").any(|found| found == part),
                "{part} in {policy}"
            );
        }
    }
}

#[rstest]
#[case("/")]
#[case("/i")]
#[case("/i/")]
#[case("/favicon.ico")]
#[case("/facts")]
#[case("/metrics")]
#[case("/api/v1/messages")]
#[case("/api/v1/openapi.json")]
#[case("/i/K7M-Q4XR-P2W9/qr.gif")]
#[tokio::test(start_paused = true)]
async fn nothing_else_is_served(#[case] path: &str) {
    let world = World::sqlite().await;

    let page = world.visit(path).await;

    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert_plain(&page);
    assert!(page.text().contains("lang=\"en\"") && page.text().contains("lang=\"it\""));
}

#[tokio::test(start_paused = true)]
async fn health_is_told_here_too_and_a_database_that_is_away_is_a_page() {
    let world = World::sqlite().await;
    assert_eq!(world.visit("/readyz").await.status, StatusCode::OK);
    world.store.close().await;

    let page = world.visit("/i/K7M-Q4XR-P2W9").await;

    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_plain(&page);
    assert!(read_aloud(&page).contains("Riprovate") && read_aloud(&page).contains("try again"));
    assert_eq!(world.visit("/healthz").await.status, StatusCode::OK);
    let ready = world.visit("/readyz").await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
}
