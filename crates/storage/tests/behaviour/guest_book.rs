//! The list as the couple looks at it: household by household, each guest with how they stand to us.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use domain::{Timestamp, config::Language};
use storage::{
    BookHousehold, ContactDecision, Cursor, GuestEdit, GuestFilter, GuestState, Page, RefusedLines,
};

use super::{
    importing::{import, line},
    stage::{Stage, bride, chat, inbound, phone},
};

fn cold_before(stage: &Stage) -> Timestamp {
    stage.now - TimeDelta::days(28)
}

async fn book(stage: &Stage, filter: &GuestFilter) -> Page<BookHousehold> {
    page(stage, filter, None, 100).await
}

async fn page(
    stage: &Stage,
    filter: &GuestFilter,
    after: Option<&Cursor>,
    limit: u32,
) -> Page<BookHousehold> {
    let (store, cold) = (stage.store(), cold_before(stage));
    let book = store.guest_book(filter, cold, after, limit).await;
    book.unwrap()
}

/// The households by name, each followed by its guests.
fn read(page: &Page<BookHousehold>) -> Vec<String> {
    let home = |home: &BookHousehold| {
        let guests: Vec<_> = home.guests.iter().map(|g| g.name.as_str()).collect();
        format!(
            "{}: {}",
            home.name.as_deref().unwrap_or("-"),
            guests.join(", ")
        )
    };
    page.items.iter().map(home).collect()
}

/// Anna and Bruno Rossi share a household; Carla is alone; Dino opted out; Elsa has gone cold.
async fn five(stage: &mut Stage) {
    stage.invited("Bruno", Some("Rossi"), Some(2)).await;
    stage.invited("anna", Some("Rossi"), Some(1)).await;
    stage.invited("Carla", None, None).await;
    let dino = stage.invited("Dino", Some("Villa"), Some(4)).await;
    stage.invited("Elsa", Some("villa"), Some(5)).await;
    let now = stage.now;
    stage.writes(1, now - TimeDelta::days(2)).await;
    stage.writes(4, now - TimeDelta::days(2)).await;
    stage.writes(5, now - TimeDelta::days(29)).await;
    let store = stage.store();
    let decided = store
        .decide_contact(
            dino.contact.unwrap(),
            ContactDecision::OptOut,
            "asked",
            &Stage::person(),
            now,
        )
        .await;
    assert!(decided.unwrap());
}

#[tokio::test]
async fn households_come_by_name_with_how_each_guest_stands() {
    for mut stage in Stage::each().await {
        five(&mut stage).await;
        let all = book(&stage, &GuestFilter::default()).await;
        assert_eq!(
            read(&all),
            ["-: Carla", "Rossi: Bruno, anna", "Villa: Dino, Elsa"]
        );
        let states: Vec<_> = all
            .items
            .iter()
            .flat_map(|home| &home.guests)
            .map(|guest| guest.state)
            .collect();
        let expected = [
            GuestState::NotWritten,
            GuestState::NotWritten,
            GuestState::Written,
            GuestState::OptedOut,
            GuestState::Cold,
        ];
        assert_eq!(states, expected);
        let store = stage.store();
        let counts = store
            .guest_counts(&GuestFilter::default(), cold_before(&stage))
            .await;
        let counts = counts.unwrap();
        assert_eq!(GuestState::ALL.map(|state| counts.of(state)), [1, 1, 2, 1]);
        assert_eq!(counts.all(), 5);
        let anna = &all.items[1].guests[1];
        assert_eq!(anna.phone, Some(phone(1)));
        assert_eq!(anna.last_in_at, Some(stage.now - TimeDelta::days(2)));
    }
}

#[tokio::test]
async fn a_guest_is_cold_for_the_spouse_who_writes_to_them() {
    for mut stage in Stage::each().await {
        five(&mut stage).await;
        let message = inbound(chat(5), "TO_BRIDE", stage.now - TimeDelta::days(1));
        let (store, now) = (stage.store(), stage.now);
        let recorded = store.record_message(&bride(), &message, now).await;
        recorded.unwrap();
        let elsa = book(&stage, &GuestFilter::default()).await.items[2].guests[1].clone();
        assert_eq!(elsa.state, GuestState::Written, "nobody's guest");
        for (side, state) in [
            (stage.session.clone(), GuestState::Cold),
            (bride(), GuestState::Written),
        ] {
            let edit = GuestEdit {
                side: Some(Some(side)),
                ..GuestEdit::default()
            };
            let edited = store
                .edit_guest(elsa.id, &edit, &Stage::person(), now)
                .await;
            assert!(edited.unwrap().is_some());
            let book = book(&stage, &GuestFilter::default()).await;
            assert_eq!(book.items[2].guests[1].state, state);
        }
    }
}

#[tokio::test]
async fn a_filter_leaves_guests_out_and_the_counts_of_states_whole() {
    for mut stage in Stage::each().await {
        five(&mut stage).await;
        let carla = book(&stage, &GuestFilter::default()).await.items[0].guests[0].id;
        let edit = GuestEdit {
            side: Some(Some(bride())),
            language: Some(Some(Language::English)),
            ..GuestEdit::default()
        };
        let store = stage.store();
        let edited = store
            .edit_guest(carla, &edit, &Stage::person(), stage.now)
            .await;
        assert!(edited.unwrap().is_some());
        let state = |state| GuestFilter {
            state: Some(state),
            ..GuestFilter::default()
        };
        let search = |text: &str| GuestFilter {
            search: Some(text.to_owned()),
            ..GuestFilter::default()
        };
        let of_bride = GuestFilter {
            side: Some(bride()),
            ..GuestFilter::default()
        };
        let english = GuestFilter {
            language: Some(Language::English),
            ..GuestFilter::default()
        };
        for (filter, expected) in [
            (state(GuestState::Written), vec!["Rossi: anna"]),
            (state(GuestState::Cold), vec!["Villa: Elsa"]),
            (state(GuestState::OptedOut), vec!["Villa: Dino"]),
            (
                state(GuestState::NotWritten),
                vec!["-: Carla", "Rossi: Bruno"],
            ),
            (search("ROSSI"), vec!["Rossi: Bruno, anna"]),
            (search("bru"), vec!["Rossi: Bruno"]),
            (search("0000 05"), vec!["Villa: Elsa"]),
            (search("100%"), vec![]),
            (of_bride, vec!["-: Carla"]),
            (english, vec!["-: Carla"]),
        ] {
            assert_eq!(read(&book(&stage, &filter).await), expected, "{filter:?}");
        }
        let filter = GuestFilter {
            state: Some(GuestState::Cold),
            ..search("villa")
        };
        let store = stage.store();
        let counts = store.guest_counts(&filter, cold_before(&stage)).await;
        let counts = counts.unwrap();
        assert_eq!(GuestState::ALL.map(|state| counts.of(state)), [0, 1, 0, 1]);
    }
}

#[tokio::test]
async fn pages_go_on_where_the_last_one_ended_also_without_guests() {
    for mut stage in Stage::each().await {
        for name in ["éclair", "zeta", "Alfa", "beta"] {
            stage.store().add_household(name, stage.now).await.unwrap();
        }
        stage.invited("alba", None, None).await;
        let all = GuestFilter::default();
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let some = page(&stage, &all, after.as_ref(), 2).await;
            seen.extend(read(&some));
            after = some.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, ["-: alba", "Alfa: ", "beta: ", "zeta: ", "éclair: "]);
    }
}

#[tokio::test]
async fn all_invitations_in_force_come_at_once() {
    for mut stage in Stage::each().await {
        let anna = stage.invited("Anna", Some("Rossi"), None).await;
        let carla = stage.invited("Carla", None, None).await;
        let store = stage.store();
        let revoked = store
            .revoke_invitation(carla.household_id, &Stage::person(), stage.now)
            .await;
        revoked.unwrap();
        let all = store.invitations().await.unwrap();
        assert_eq!(all.len(), 1);
        let alone = store.invitation_of(anna.household_id).await.unwrap();
        assert_eq!(all.get(&anna.household_id), alone.as_ref());
    }
}

#[tokio::test]
async fn two_thousand_guests_are_no_trouble() {
    for stage in Stage::each().await {
        let lines = (0..2_000_u32).map(|n| {
            let household = format!("Casa {}", n / 2);
            line(
                n + 2,
                &format!("Guest {n:04}"),
                &household,
                u64::from(n + 1),
            )
        });
        let lines: Vec<_> = lines.collect();
        assert!(import(&stage, &lines, RefusedLines::None).await.done);
        let begun = Instant::now();
        let all = GuestFilter::default();
        let first = page(&stage, &all, None, 50).await;
        let second = page(&stage, &all, first.next.as_ref(), 50).await;
        let nobody = GuestFilter {
            state: Some(GuestState::Written),
            ..GuestFilter::default()
        };
        assert!(page(&stage, &nobody, None, 50).await.items.is_empty());
        assert_eq!(first.items.len() + second.items.len(), 100);
        // some milliseconds each; what grows with the square of the list takes minutes
        assert!(
            begun.elapsed() < Duration::from_secs(10),
            "{:?}",
            begun.elapsed()
        );
    }
}
