//! Who is let in.

use bytes::Bytes;
use http::Request;

use crate::world::World;

#[tokio::test(start_paused = true)]
async fn without_the_token_nothing_is_answered_but_health() {
    let world = World::new();
    for (path, status) in [
        ("/sessions/groom", 401),
        ("/attempts/0190b5c8-0000-7000-8000-000000000000", 401),
        ("/healthz", 200),
        ("/readyz", 200),
        ("/nothing", 404),
    ] {
        let request = Request::get(path).body(Bytes::new()).unwrap();
        let answer = world
            .service
            .call(request, std::time::Duration::from_secs(5))
            .await
            .unwrap();
        assert_eq!(answer.status().as_u16(), status, "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_unknown_session_is_a_named_problem() {
    let world = World::new();
    let answer = world.get("/sessions/nobody").await;
    assert_eq!(answer.problem(), (404, "unknown_session".to_owned()));
    let answer = world.get("/sessions/No%20Body").await;
    assert_eq!(answer.problem(), (400, "invalid_path".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn it_is_not_ready_without_queue_api() {
    let world = World::new();
    world.queue_api.peer.stop();
    assert_eq!(world.get("/readyz").await.status(), 503);
    assert_eq!(world.get("/healthz").await.status(), 200);
}
