//! Every address of the page, each tried by whoever may not: without signing in, with the wrong account, with no form token
//! and with another browser's.

use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use queue_api::{Access, PageRoute};
use serde_json::Value;

use super::browser::{Browser, csrf, goes_to};
use crate::world::{On, World};

/// An address with its gaps filled in.
pub(super) fn address(route: &PageRoute) -> String {
    route
        .path
        .replace("{session}", "groom")
        .replace("{secret}", "wq_none")
        .replace("{version}", "0")
        .replace("{name}", "style.css")
        .split('/')
        .map(|part| {
            if part.starts_with('{') {
                "0190b5c8-0000-7000-8000-000000000000"
            } else {
                part
            }
        })
        .collect::<Vec<_>>()
        .join("/")
}

#[tokio::test(start_paused = true)]
async fn nobody_sees_a_page_without_signing_in() {
    let world = World::sqlite().await;
    assert!(world.pages.len() > 10, "{} pages", world.pages.len());
    for route in world
        .pages
        .iter()
        .filter(|route| route.access != Access::Anyone)
    {
        let mut stranger = Browser::new("en");
        let path = address(route);
        if route.method == "GET" {
            let page = stranger.get(&world, &path).await;
            if path == "/live" {
                assert_eq!(page.status, StatusCode::UNAUTHORIZED);
            } else {
                assert!(goes_to(&page).starts_with("/sign-in?next="), "{path}");
            }
        } else {
            let page = stranger
                .post_as_it_is(&world, &path, &[("csrf", "x")])
                .await;
            assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{path}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_operator_sees_no_texts_and_no_accounts() {
    let world = World::sqlite().await;
    let shut = |route: &&PageRoute| matches!(route.access, Access::Texts | Access::Couple);
    for route in world.pages.iter().filter(shut) {
        let path = address(route);
        let mut operator = Browser::default();
        if operator.cookie().is_none() {
            operator = Browser::signed_in(
                &world,
                &format!("Olga {} {path}", route.method),
                domain::account::Person::Operator,
                domain::config::Language::English,
            )
            .await;
        }
        let page = if route.method == "GET" {
            operator.get(&world, &path).await
        } else {
            let you = operator.get(&world, "/you").await;
            operator.post(&world, &you, &path, &[]).await
        };
        assert_eq!(
            page.status,
            StatusCode::FORBIDDEN,
            "{} {path}",
            route.method
        );
        assert!(page.text().contains("not_for_this_account"), "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn no_form_is_taken_without_its_own_token() {
    let world = World::sqlite().await;
    let mut other = Browser::of_operator(&world).await;
    let foreign = csrf(&other.get(&world, "/you").await).to_owned();
    let mut groom = Browser::of_groom(&world).await;
    let own = csrf(&groom.get(&world, "/you").await).to_owned();
    assert_ne!(own, foreign);
    for route in world.pages.iter().filter(|route| route.method == "POST") {
        let path = address(route);
        let without = vec![];
        let with = |token: &str| vec![("csrf".to_owned(), token.to_owned())];
        for fields in [without, with(""), with(&foreign), with(&own[1..])] {
            let fields: Vec<_> = fields
                .iter()
                .map(|(n, v)| (n.as_str(), v.as_str()))
                .collect();
            let page = groom.post_as_it_is(&world, &path, &fields).await;
            assert!(
                page.status == StatusCode::FORBIDDEN
                    || page.status == StatusCode::TOO_MANY_REQUESTS,
                "{path}: {}",
                page.status
            );
        }
    }
    assert_eq!(world.count("account").await, 2);
}

/// PostgreSQL takes no NUL, so that one in a field would be an error of the server.
#[tokio::test]
async fn a_nul_is_refused_in_every_query_and_form() {
    let world = World::on(On::Postgres).await;
    let mut groom = Browser::of_groom(&world).await;
    let you = groom.get(&world, "/you").await;
    for route in &world.pages {
        let path = address(route);
        let (page, refused) = if route.method == "GET" {
            let query = format!("{path}?search=a%00b");
            (groom.get(&world, &query).await, StatusCode::NOT_FOUND)
        } else {
            let fields = [("reason", "a\0b")];
            let page = groom.post(&world, &you, &path, &fields).await;
            (page, StatusCode::BAD_REQUEST)
        };
        assert_eq!(page.status, refused, "{} {path}", route.method);
    }
}

#[tokio::test(start_paused = true)]
async fn every_page_has_its_guards_in_its_headers() {
    let world = World::sqlite().await;
    let mut groom = Browser::of_groom(&world).await;
    for route in world.pages.iter().filter(|route| route.method == "GET") {
        let path = address(route);
        if path == "/live" {
            continue;
        }
        let page = groom.get(&world, &path).await;
        let policy = page.headers[header::CONTENT_SECURITY_POLICY]
            .to_str()
            .unwrap();
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self';"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe"), "{policy}");
        for directive in [
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(directive), "{policy}");
        }
        assert_eq!(page.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert_eq!(page.headers[header::REFERRER_POLICY], "same-origin");
        if !path.starts_with("/static/") {
            assert_eq!(page.headers[header::CACHE_CONTROL], "no-store", "{path}");
        }
        assert!(
            !page.status.is_server_error()
                || page.status == StatusCode::SERVICE_UNAVAILABLE
                || page.status == StatusCode::BAD_GATEWAY,
            "{path}: {}",
            page.status
        );
        if page
            .headers
            .get(header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
        {
            let html = page.text();
            assert!(!html.contains('⟦'), "a text is missing on {path}: {html}");
            assert!(!html.contains(" style=\""), "{path}");
            assert!(
                !html.contains("<style") && !html.contains(" onclick"),
                "{path}"
            );
            assert!(html.contains("<html lang=\"it\">"), "{path}");
            assert_eq!(html.matches("<h1>").count(), 1, "{path}");
            assert!(html.contains("action=\"/sign-out\""), "{path}");
        }
    }
    assert_eq!(
        world.count("whatsapp_message_queue").await,
        0,
        "looking changes nothing"
    );
}

#[tokio::test(start_paused = true)]
async fn any_other_address_is_a_page_or_the_way_in() {
    let world = World::sqlite().await;
    let mut stranger = Browser::new("it");
    assert_eq!(goes_to(&stranger.get(&world, "/nowhere").await), "/sign-in");
    let mut groom = Browser::of_groom(&world).await;
    let page = groom.get(&world, "/nowhere").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.text().contains("Qui non c’è nulla"), "{}", page.text());
}

/// What is no id, and a form without its fields: still a page of ours, in the visitor's language, that says what to do.
#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_is_refused_by_a_page() {
    let world = World::sqlite().await;
    let mut groom = Browser::of_groom(&world).await;
    let you = groom.get(&world, "/you").await;
    for route in world.pages.iter().filter(|route| route.path != "/live") {
        let path = address(route).replace("0190b5c8-0000-7000-8000-000000000000", "not-an-id");
        let page = if route.method == "GET" {
            groom
                .get(&world, &format!("{path}?cursor=%FF&limit=x"))
                .await
        } else if path.contains("sign-out") {
            continue;
        } else {
            groom.post(&world, &you, &path, &[]).await
        };
        assert_ne!(page.status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        if page.status.is_client_error() {
            let html = page.text();
            assert!(html.contains("<html lang=\"it\">"), "{path}: {html}");
            assert!(!html.contains('⟦'), "{path}: {html}");
        }
    }
    assert_eq!(groom.get(&world, "/you").await.status, StatusCode::OK);
}

/// No answer lets the script of another site read it, and no method echoes what a browser sent.
#[tokio::test(start_paused = true)]
async fn another_site_reads_nothing_and_trace_is_refused() {
    const ELSEWHERE: &str = "https://evil.example.org";
    let world = World::sqlite().await;
    let mut groom = Browser::of_groom(&world).await;
    groom.says("origin", ELSEWHERE);
    let shown = |route: &&PageRoute| route.method == "GET" && route.path != "/live";
    for route in world.pages.iter().filter(shown) {
        let page = groom.get(&world, &address(route)).await;
        let allows = page.headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN);
        assert_eq!(allows, None, "{}", route.path);
    }
    for method in ["GET", "OPTIONS"] {
        let origin = [("origin", ELSEWHERE)];
        let answer = world.ask_with(&origin, method, "/messages", Value::Null);
        let allows = answer
            .await
            .headers
            .remove(header::ACCESS_CONTROL_ALLOW_ORIGIN);
        assert_eq!(allows, None, "{method}");
    }
    let traced = Request::builder().method(Method::TRACE).uri("/sign-in");
    let traced = traced.header(header::HOST, "localhost");
    let traced = world.fetch(traced.body(Body::empty()).unwrap()).await;
    assert_eq!(traced.status, StatusCode::METHOD_NOT_ALLOWED);
    let traced = world.ask("TRACE", "/messages", Value::Null).await;
    assert_eq!(traced.status, StatusCode::METHOD_NOT_ALLOWED);
}
