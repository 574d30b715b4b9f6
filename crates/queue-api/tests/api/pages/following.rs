//! What an open page is told, while it is open and after it slept.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use futures_util::StreamExt;
use http::{Request, StatusCode, header};
use rstest::rstest;
use storage::Actor;
use tokio::time::timeout;
use tower::ServiceExt;

use super::browser::Browser;
use crate::world::{On, World, groom};

/// An event as it stands in the stream: kind, id, data.
type Told = (String, String, String);

/// An open page's stream.
struct Stream {
    body: BodyDataStream,
    read: String,
}

impl Stream {
    async fn open(world: &World, browser: &Browser, query: &str, last: Option<&str>) -> Self {
        let mut request = Request::get(format!("/live{query}"))
            .header(header::HOST, "localhost")
            .header(header::COOKIE, browser.cookie().unwrap());
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let answer = world
            .couple()
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/event-stream");
        Self {
            body: answer.into_body().into_data_stream(),
            read: String::new(),
        }
    }

    /// The next event; `None`: none within a virtual minute, or the stream ended.
    async fn next(&mut self) -> Option<Told> {
        loop {
            let read = std::mem::take(&mut self.read);
            if let Some((event, rest)) = read.split_once("\n\n") {
                let field = |name: &str| {
                    let line = event.lines().find_map(|line| line.strip_prefix(name));
                    line.map(|value| value.trim_start_matches(':').trim().to_owned())
                };
                let told = field("event").map(|kind| {
                    (
                        kind,
                        field("id").unwrap_or_default(),
                        field("data").unwrap_or_default(),
                    )
                });
                rest.clone_into(&mut self.read);
                if told.is_some() {
                    return told;
                }
                continue;
            }
            self.read = read;
            let chunk = timeout(Duration::from_mins(1), self.body.next())
                .await
                .ok()??;
            self.read
                .push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
        }
    }
}

async fn pause_and_resume(world: &World) {
    let me = Actor::new("test");
    world
        .store
        .pause(&groom(), &me, world.clock.now())
        .await
        .unwrap();
    world
        .store
        .resume(&groom(), &me, world.clock.now())
        .await
        .unwrap();
}

#[rstest]
#[case(On::Sqlite)]
#[case(On::Postgres)]
#[tokio::test]
async fn a_browser_that_comes_back_misses_nothing_and_hears_nothing_twice(#[case] on: On) {
    let world = World::following(on).await;
    let browser = Browser::of_groom(&world).await;
    let from = world.store.live_end().await.unwrap();
    let mut stream = Stream::open(&world, &browser, &format!("?from={from}"), None).await;
    pause_and_resume(&world).await;
    let first = stream.next().await.expect("the pause");
    assert_eq!((first.0.as_str(), first.2.as_str()), ("session", "groom"));
    let second = stream.next().await.expect("going on");
    assert_ne!(first.1, second.1);
    drop(stream);

    pause_and_resume(&world).await;
    let mut stream = Stream::open(&world, &browser, &format!("?from={from}"), Some(&first.1)).await;
    let mut told = Vec::new();
    for _ in 0..3 {
        told.push(stream.next().await.expect("what it missed").1);
    }
    assert_eq!(
        told[0], second.1,
        "it goes on behind the last one that it had"
    );
    let distinct: std::collections::BTreeSet<_> = told.iter().collect();
    assert_eq!(distinct.len(), 3);
}

#[tokio::test]
async fn a_page_that_slept_too_long_is_told_to_look_at_everything() {
    let world = World::following(On::Sqlite).await;
    let browser = Browser::of_groom(&world).await;
    for _ in 0..3 {
        pause_and_resume(&world).await;
    }
    world
        .database
        .execute("DELETE FROM live_event WHERE position < 6")
        .await
        .unwrap();
    for query in ["?from=0-1", "?from=nonsense", ""] {
        let mut stream = Stream::open(&world, &browser, query, None).await;
        assert_eq!(stream.next().await.expect("an event").0, "lost", "{query}");
    }
}

#[tokio::test]
async fn open_pages_end_when_the_service_stops() {
    let mut world = World::following(On::Sqlite).await;
    let browser = Browser::of_groom(&world).await;
    let mut stream = Stream::open(&world, &browser, "", None).await;
    assert_eq!(stream.next().await.expect("an event").0, "lost");
    world.stops_following().await;
    let ended = timeout(Duration::from_secs(5), stream.next()).await;
    assert_eq!(ended.expect("it ends by itself"), None);
}

#[tokio::test]
async fn an_operator_hears_of_sessions_only() {
    let world = World::following(On::Sqlite).await;
    let operator = Browser::of_operator(&world).await;
    let from = world.store.live_end().await.unwrap();
    let mut stream = Stream::open(&world, &operator, &format!("?from={from}"), None).await;
    world.ready_message().await;
    pause_and_resume(&world).await;
    let first = stream.next().await.expect("an event");
    assert_eq!(first.0, "session");
    let second = stream.next().await.expect("an event");
    assert_eq!(second.0, "session");
}

#[derive(Clone, Copy)]
enum Loses {
    ThisBrowser,
    TheRight,
    TheAccount,
}

/// Whoever is signed out, removed or may read no longer is told nothing more.
#[rstest]
#[case::signed_out(Loses::ThisBrowser)]
#[case::reads_no_longer(Loses::TheRight)]
#[case::removed(Loses::TheAccount)]
#[tokio::test(start_paused = true)]
async fn a_stream_ends_with_the_right_to_it(#[case] loses: Loses) {
    let world = World::following(On::Sqlite).await;
    let browser = Browser::of_operator(&world).await;
    let olga = world.store.account_by_name("Olga").await.unwrap().unwrap();
    let (me, now) = (Actor::new("test"), world.clock.now());
    let grant = async |granted| world.store.grant_texts(olga.id, granted, &me, now).await;
    assert!(grant(true).await.unwrap());
    let mut stream = Stream::open(&world, &browser, "", None).await;
    stream.next().await.expect("where it is");

    match loses {
        Loses::ThisBrowser => {
            world
                .store
                .sign_out_everywhere(olga.id, &me, now)
                .await
                .unwrap();
        }
        Loses::TheRight => assert!(grant(false).await.unwrap()),
        Loses::TheAccount => {
            assert!(world.store.remove_account(olga.id, &me, now).await.unwrap());
        }
    }

    let ended = timeout(Duration::from_secs(5), async {
        while stream.body.next().await.is_some() {}
    });
    assert!(ended.await.is_ok(), "it goes on");
}
