//! A WAHA that is too old, or has a known defect, is named with the image to move to.

use rstest::rstest;
use serde_json::json;

use crate::neighbours::session_view;
use crate::pages::browser::Browser;
use crate::world::World;

/// Another image of WAHA ends both; the engine stays, because each keeps a login of its own.
#[rstest]
#[case::too_old(
    "too_old",
    "disconnected",
    "2025.12.3 NOWEB",
    "devlikeapro/waha:noweb-2026.10.1"
)]
#[case::known_bad(
    "known_bad",
    "connected",
    "2026.8.1 GOWS",
    "devlikeapro/waha:gows-2026.10.1"
)]
#[tokio::test(start_paused = true)]
async fn a_session_names_the_image_to_move_to(
    #[case] problem: &str,
    #[case] state: &str,
    #[case] server: &str,
    #[case] image: &str,
) {
    let world = World::sqlite().await;
    let mut view = session_view(state);
    view["fact"] = json!("session");
    view["problem"] = json!(problem);
    view["server"] = json!(server);
    world.report("groom", json!([view])).await;

    let groom = world.get("/sessions/groom").await.body;
    let bride = world.get("/sessions/bride").await.body;
    let italian = Browser::of_groom(&world).await.get(&world, "/").await;
    let english = Browser::of_operator(&world).await.get(&world, "/").await;

    assert_eq!(groom["problem"], problem, "{groom}");
    assert_eq!(groom["waha_image"], image, "{groom}");
    let advice = groom["advice"].as_str().unwrap();
    assert!(
        advice.contains(server) && advice.contains(image),
        "{advice}"
    );
    assert!(bride["waha_image"].is_null(), "{bride}");
    for (page, words) in [
        (italian, "chi gestisce il sistema"),
        (english, "whoever runs"),
    ] {
        let page = page.text();
        for told in [server, image, words] {
            assert!(page.contains(told), "{told} is not in {page}");
        }
    }
}
