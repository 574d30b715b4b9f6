//! Who may do what: every address, asked as everyone in `docs/permissions.md`. An address without a line there fails.

use std::collections::BTreeSet;

use axum::body::Body;
use domain::account::Person;
use domain::config::Language;
use domain::session::SessionName;
use http::{Method, Request, StatusCode, header};
use serde_json::Value;
use tower::ServiceExt;

use crate::pages::browser::{Browser, csrf};
use crate::visits::Page;
use crate::world::{World, groom};

const DOCUMENT: &str = include_str!("../../../../docs/permissions.md");
const HERE: &str = "http://localhost";

/// A line of a table: what each column says.
pub(crate) struct Line {
    pub(crate) path: &'static str,
    pub(crate) method: &'static str,
    pub(crate) allowed: Vec<(&'static str, &'static str)>,
}

impl Line {
    /// The address with its gaps filled in.
    pub(crate) fn address(&self) -> String {
        let filled = self
            .path
            .replace("{session}", "groom")
            .replace("{name}", "groom")
            .replace("{secret}", "wq_none");
        let parts = filled.split('/').map(|part| match part {
            part if part.starts_with('{') => "0190b5c8-0000-7000-8000-000000000000",
            part => part,
        });
        parts.collect::<Vec<_>>().join("/")
    }
}

fn cells(line: &'static str) -> Vec<&'static str> {
    line.trim_matches('|').split('|').map(str::trim).collect()
}

/// The table below that heading.
pub(crate) fn table(heading: &str) -> Vec<Line> {
    let (_, rest) = DOCUMENT.split_once(&format!("\n## {heading}\n")).unwrap();
    let rest = rest.split("\n## ").next().unwrap();
    let mut lines = rest.lines().filter(|line| line.starts_with('|'));
    let columns = cells(lines.next().unwrap());
    let lines = lines.skip(1).map(|line| {
        let cells = cells(line);
        assert_eq!(cells.len(), columns.len(), "{line}");
        let allowed = columns.iter().copied().zip(cells.iter().copied()).skip(2);
        Line {
            path: cells[0],
            method: cells[1],
            allowed: allowed.collect(),
        }
    });
    lines.collect()
}

pub(crate) fn named(lines: &[Line]) -> BTreeSet<(String, String)> {
    let named = lines
        .iter()
        .map(|line| (line.path.to_owned(), line.method.to_owned()));
    named.collect()
}

#[tokio::test(start_paused = true)]
async fn every_page_and_operation_has_a_line() {
    let world = World::sqlite().await;
    let pages = world.pages.iter();
    let pages: BTreeSet<_> = pages
        .map(|route| (route.path.to_owned(), route.method.to_owned()))
        .collect();
    assert_eq!(named(&table("The couple's page")), pages);

    let document: Value = serde_json::from_str(&queue_api::document()).unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    let operations: BTreeSet<_> = paths
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().keys();
            methods.map(|method| (path.clone(), method.to_uppercase()))
        })
        .collect();
    assert_eq!(named(&table("The API")), operations);
}

// ---- pages --------------------------------------------------------------------------------------------------------

/// How a form comes: whose form token it has, and which `Origin`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Own,
    OwnOfAnOldBrowser,
    WithoutToken,
    WithForeignToken,
    FromElsewhere,
}

const FORMS: [Form; 5] = [
    Form::Own,
    Form::OwnOfAnOldBrowser,
    Form::WithoutToken,
    Form::WithForeignToken,
    Form::FromElsewhere,
];

impl Form {
    fn is_taken(self) -> bool {
        matches!(self, Self::Own | Self::OwnOfAnOldBrowser)
    }
}

/// Everyone who has an account.
async fn accounts(world: &World) {
    let bride = SessionName::parse("bride").unwrap();
    for (name, person) in [
        ("Marco", Person::Spouse(groom())),
        ("Giulia", Person::Spouse(bride)),
        ("Olga", Person::Operator),
        ("Rita", Person::Operator),
    ] {
        Browser::signed_in(world, name, person, Language::English).await;
    }
    let account = world.store.account_by_name("Rita").await.unwrap().unwrap();
    let actor = storage::Actor::new("test");
    let now = world.clock.now();
    let granted = world.store.grant_texts(account.id, true, &actor, now).await;
    granted.unwrap();
}

/// A new browser of that column.
async fn browser_of(world: &World, column: &str) -> Browser {
    match column {
        "couple" => Browser::again(world, "Marco").await,
        "operator who may read" => Browser::again(world, "Rita").await,
        "operator" => Browser::again(world, "Olga").await,
        "nobody" => Browser::new("en"),
        column => panic!("no column {column}"),
    }
}

/// A form token: every browser can open one of these two pages.
async fn token_of(world: &World, browser: &mut Browser, column: &str) -> String {
    let page = if column == "nobody" {
        "/sign-in"
    } else {
        "/you"
    };
    csrf(&browser.get(world, page).await).to_owned()
}

async fn send_form(world: &World, line: &Line, column: &str, form: Form, number: u16) -> Page {
    let [high, low] = number.to_be_bytes();
    // each from an address of its own: tries at passwords are counted by address
    let address = format!("10.0.{high}.{low}");
    let mut browser = browser_of(world, column).await.at(&address);
    let own = token_of(world, &mut browser, column).await;
    let token = match form {
        Form::WithoutToken => None,
        Form::WithForeignToken => {
            let mut other = Browser::again(world, "Giulia").await;
            Some(token_of(world, &mut other, "couple").await)
        }
        _ => Some(own),
    };
    match form {
        Form::OwnOfAnOldBrowser => {}
        Form::FromElsewhere => browser.says("origin", "https://evil.example.org"),
        _ => browser.says("origin", HERE),
    }
    let fields: Vec<_> = token.iter().map(|token| ("csrf", token.as_str())).collect();
    browser.post_as_it_is(world, &line.address(), &fields).await
}

/// What an answer means for the one who asked.
#[derive(Debug, PartialEq, Eq)]
enum Met {
    Allowed,
    TurnedAway,
    ForeignForm,
}

fn met(page: &Page) -> Met {
    let goes_to = page.headers.get(header::LOCATION);
    let goes_to = goes_to.map_or("", |to| to.to_str().unwrap());
    let text = String::from_utf8_lossy(&page.bytes);
    match page.status {
        StatusCode::UNAUTHORIZED => Met::TurnedAway,
        StatusCode::SEE_OTHER if goes_to.starts_with("/sign-in?next=") => Met::TurnedAway,
        StatusCode::FORBIDDEN if text.contains("not_for_this_account") => Met::TurnedAway,
        StatusCode::FORBIDDEN if text.contains("foreign_form") => Met::ForeignForm,
        status => {
            assert!(!status.is_server_error(), "{status}: {text}");
            Met::Allowed
        }
    }
}

/// The status and headers of a page, not its body: a stream has no end.
async fn open(world: &World, line: &Line, column: &str) -> Page {
    let mut browser = browser_of(world, column).await;
    if line.path != "/live" {
        return browser.get(world, &line.address()).await;
    }
    let mut request = Request::get("/live").header(header::HOST, "localhost");
    if let Some(cookie) = browser.cookie() {
        request = request.header(header::COOKIE, cookie);
    }
    let request = request.body(Body::empty()).unwrap();
    let answer = world.couple().oneshot(request).await.unwrap();
    Page {
        status: answer.status(),
        headers: answer.headers().clone(),
        bytes: Vec::new(),
    }
}

#[tokio::test(start_paused = true)]
async fn pages_admit_whom_the_table_says() {
    let world = World::sqlite().await;
    accounts(&world).await;
    let mut tries: u16 = 0;
    for line in table("The couple's page") {
        for (column, allowed) in &line.allowed {
            let allowed = *allowed != "no";
            let case = format!("{} {} as {column}", line.method, line.path);
            let expected = if allowed {
                Met::Allowed
            } else {
                Met::TurnedAway
            };
            if line.method == "GET" {
                assert_eq!(met(&open(&world, &line, column).await), expected, "{case}");
                tries += 1;
                continue;
            }
            for form in FORMS {
                let page = send_form(&world, &line, column, form, tries).await;
                let expected = match (allowed, form.is_taken()) {
                    (true, false) => Met::ForeignForm,
                    (true, true) => Met::Allowed,
                    (false, _) => Met::TurnedAway,
                };
                assert_eq!(met(&page), expected, "{case}, {form:?}");
                tries += 1;
            }
        }
    }
    println!("{tries} tries at pages");
    assert!(tries > 1_000, "{tries}");
}

// ---- the API ------------------------------------------------------------------------------------------------------

async fn ask(
    world: &World,
    line: &Line,
    extra: (header::HeaderName, String),
) -> (StatusCode, String) {
    let request = Request::builder()
        .method(line.method)
        .uri(line.address())
        .header(header::CONTENT_TYPE, "application/json")
        .header(extra.0, extra.1)
        .body(Body::from("{}"))
        .unwrap();
    let answer = world.send(request).await;
    (answer.status, answer.code().to_owned())
}

fn bearer(token: &str) -> (header::HeaderName, String) {
    (header::AUTHORIZATION, format!("Bearer {token}"))
}

#[tokio::test(start_paused = true)]
async fn the_api_admits_whom_the_table_says() {
    let world = World::sqlite().await;
    let cookie = Browser::of_groom(&world).await.cookie().unwrap();
    let bride = SessionName::parse("bride").unwrap();
    let mut tries = 0;
    for line in table("The API") {
        let case = format!("{} {}", line.method, line.path);
        for (column, allowed) in &line.allowed {
            if *column == "nobody" {
                let (status, _) = ask(&world, &line, (header::COOKIE, cookie.clone())).await;
                assert_eq!(status, StatusCode::UNAUTHORIZED, "{case}: a cookie");
                let (status, _) = ask(&world, &line, bearer("wq_none")).await;
                assert_eq!(status, StatusCode::UNAUTHORIZED, "{case}: no such token");
                tries += 2;
                continue;
            }
            let owners = [None, Some(groom()), Some(bride.clone())];
            for owner in owners {
                let token = world.token_of(owner.as_ref(), column).await;
                let (status, code) = ask(&world, &line, bearer(&token)).await;
                let refused = match *allowed {
                    "no" => Some("missing_scope"),
                    "own" if owner.as_ref() != Some(&groom()) => Some("other_spouse"),
                    _ => None,
                };
                let case = format!("{case} with {column} of {owner:?}");
                if let Some(refused) = refused {
                    assert_eq!(
                        (status, code.as_str()),
                        (StatusCode::FORBIDDEN, refused),
                        "{case}"
                    );
                } else {
                    let turned_away = ["unauthorized", "missing_scope", "other_spouse"];
                    assert!(!turned_away.contains(&code.as_str()), "{case}: {code}");
                }
                tries += 1;
            }
        }
    }
    println!("{tries} tries at the API");
    assert!(tries > 600, "{tries}");
}

/// A token of the API opens no page.
#[tokio::test(start_paused = true)]
async fn a_token_opens_no_page() {
    let world = World::sqlite().await;
    let token = world.token("read,enqueue,operate").await;
    for line in table("The couple's page") {
        let request = Request::builder()
            .method(Method::from_bytes(line.method.as_bytes()).unwrap())
            .uri(line.address())
            .header(header::HOST, "localhost")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::empty())
            .unwrap();
        let page = world.fetch(request).await;
        if line.allowed.contains(&("nobody", "no")) {
            assert_eq!(met(&page), Met::TurnedAway, "{} {}", line.method, line.path);
        }
    }
}
