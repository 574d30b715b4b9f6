//! Who may call the listeners beside the couple's, by `docs/permissions.md`. A router cannot say what is in it: so the addresses are read in the sources.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use axum::body::Body;
use http::{HeaderName, Request, StatusCode, header};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::pages::browser::Browser;
use crate::permissions::{named, table};
use crate::world::{INTERNAL, World};

/// What serves, and what is left out there: pages have a list of their own.
const SOURCES: [(&str, &str); 4] = [
    ("chassis", "none"),
    ("queue-api", "pages"),
    ("whatsapp-integration", "none"),
    ("whatsapp-worker", "none"),
];
const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "head", "options"];

type Addresses = BTreeSet<(String, String)>;

/// What stands between the parenthesis that is open and its end.
fn until_closed(text: &str) -> &str {
    let mut open = 1;
    let end = text.find(|character| {
        match character {
            '(' => open += 1,
            ')' => open -= 1,
            _ => {}
        }
        open == 0
    });
    &text[..end.expect("it is closed")]
}

/// The addresses in the calls of `route`.
fn routes_of(source: &str, file: &Path, found: &mut Addresses) {
    for other in ["route_service(", "nest_service(", "Router::nest("] {
        assert!(!source.contains(other), "{}: {other}", file.display());
    }
    for call in source.split(".route(").skip(1) {
        let arguments = until_closed(call).trim_start();
        let literal = arguments
            .strip_prefix('"')
            .and_then(|it| it.split_once('"'));
        let (path, handlers) = literal.unwrap_or_else(|| {
            panic!("{}: no address: {arguments}", file.display());
        });
        let handlers = handlers.trim_start_matches([',', ' ', '\n']);
        // 404 for whoever has a token of the API, 401 for others
        if handlers == "any(nothing)" {
            continue;
        }
        let before = found.len();
        for method in METHODS {
            let begins = handlers.starts_with(&format!("{method}("));
            if begins || handlers.contains(&format!(").{method}(")) {
                found.insert((path.to_owned(), method.to_uppercase()));
            }
        }
        assert!(found.len() > before, "no method, or twice: {arguments}");
    }
}

fn routes_in(folder: &Path, but: &str, found: &mut Addresses) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with(but) {
            routes_in(&path, but, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            routes_of(&fs::read_to_string(&path).unwrap(), &path, found);
        }
    }
}

#[test]
fn every_address_of_every_other_listener_has_a_line() {
    let mut found = Addresses::new();
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (name, but) in SOURCES {
        routes_in(&crates.join(name).join("src"), but, &mut found);
    }
    let guests: Value = serde_json::from_str(&queue_api::guests_document()).unwrap();
    for (path, item) in guests["paths"].as_object().unwrap() {
        let methods = item.as_object().unwrap().keys();
        found.extend(methods.map(|method| (path.clone(), method.to_uppercase())));
    }
    let lines: Addresses = [
        "The guests' listener",
        "Between the services",
        "From WAHA",
        "Health and metrics",
    ]
    .into_iter()
    .flat_map(|heading| named(&table(heading)))
    .collect();
    let one_sided: Vec<_> = lines.symmetric_difference(&found).collect();
    assert!(
        one_sided.is_empty(),
        "without a route or a line: {one_sided:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_guests_listener_admits_whom_the_table_says() {
    let world = World::sqlite().await;
    world.bride_connects().await;
    let guest = json!({ "name": "Anna", "household": "Rossi", "side": "bride" });
    let invitation = world.invite(guest).await;
    let code = world.invitation_token(&invitation).await;
    for line in table("The guests' listener") {
        let with = world.visit(&line.path.replace("{token}", &code)).await;
        assert_eq!(with.status, StatusCode::OK, "{}", line.path);
        let without = line.path.replace("{token}", "K7M-Q4XR-P2W9");
        assert_eq!(world.visit(&without).await.status, StatusCode::NOT_FOUND);
    }
}

/// What others could present, and nothing at all.
async fn secrets_of_others(world: &World) -> Vec<Option<(HeaderName, String)>> {
    let cookie = Browser::of_groom(world).await.cookie().unwrap();
    let every_scope = world.token("read,enqueue,operate").await;
    let tokens = [
        every_scope.as_str(),
        "worker-token-of-tests",
        "integration-token-of-tests",
        "wq_none",
        "",
    ];
    let tokens = tokens.map(|token| Some((header::AUTHORIZATION, format!("Bearer {token}"))));
    let mut all = vec![None, Some((header::COOKIE, cookie))];
    all.extend(tokens);
    all
}

#[tokio::test(start_paused = true)]
async fn the_inner_listener_admits_its_own_token_only() {
    let world = World::sqlite().await;
    let others = secrets_of_others(&world).await;
    let ask = async |path: &str, secret: Option<(HeaderName, String)>| {
        let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        if let Some((name, value)) = secret {
            request = request.header(name, value);
        }
        let body = json!({ "session": "bride", "facts": [] }).to_string();
        let request = request.body(Body::from(body)).unwrap();
        world.inner.clone().oneshot(request).await.unwrap().status()
    };
    let mut lines = table("Between the services");
    lines.retain(|line| line.allowed.contains(&("service", "queue-api")));
    assert!(!lines.is_empty());
    for line in lines {
        let own = (header::AUTHORIZATION, format!("Bearer {INTERNAL}"));
        assert!(
            ask(line.path, Some(own)).await.is_success(),
            "{}",
            line.path
        );
        for secret in others.clone() {
            let status = ask(line.path, secret).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{}", line.path);
        }
    }
}
