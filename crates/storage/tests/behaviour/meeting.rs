//! Two transactions meet half-way: each holds what the other needs, unless all of them take their locks in one order.
//!
//! Only on PostgreSQL: SQLite's one writer takes turns. A gate keeps a row until both wait, so that they really meet; then each of
//! them must end. The server breaks a knot with an error (40P01), and an error fails the story.

use std::time::Duration;

use domain::{
    ids::{GuestId, HouseholdId},
    session::SessionName,
    wire::ObservedMessage,
};
use storage::{
    GuestEdit, GuestRow, Member, PhoneAssigned, PhoneOwner, Tied, testing::TestDatabase,
};

use super::{
    inviting::{says, with_alt},
    stage::{Stage, bride, chat, groom, inbound, lid, phone},
};

/// Of each pair each is the first to wait, so many times.
const TIMES: u64 = 3;

/// As many meetings without a gate, in whatever order they come.
const CROWDS: u64 = 25;

async fn stage() -> Stage {
    Stage::on(TestDatabase::postgres().await).await
}

/// How many transactions of this database wait for a lock.
pub(super) const WAITING_FOR_LOCKS: &str = "SELECT count(*) AS value FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'";

/// Waits until so many transactions of this database wait for a lock.
pub(super) async fn until_waiting(stage: &Stage, wanted: i64) {
    let wait = async { while stage.int(WAITING_FOR_LOCKS).await < Some(wanted) {} };
    let came = tokio::time::timeout(Duration::from_secs(20), wait).await;
    came.expect("both should have come to the gate");
}

/// Lets `first` and then `second` run into a row that is held, and only then lets it go.
pub(super) async fn meet<A, B>(
    stage: &Stage,
    gate: &str,
    first: impl Future<Output = A>,
    second: impl Future<Output = B>,
) -> (A, B) {
    let mut held = stage.db.begin().await;
    held.execute(gate).await;
    let second = async {
        until_waiting(stage, 1).await;
        second.await
    };
    let open = async {
        until_waiting(stage, 2).await;
        held.commit().await;
    };
    let (first, second, ()) = tokio::join!(first, second, open);
    (first, second)
}

/// A household without a number, and somebody unknown who wrote to the groom.
async fn nameless(stage: &mut Stage, n: u64) -> GuestRow {
    let guest = stage.invite(&format!("Rossi {n}"), None).await;
    stage
        .record(&inbound(chat(n), &format!("A{n}"), stage.now))
        .await;
    guest
}

async fn tie(stage: &Stage, household: HouseholdId) -> Tied {
    let (store, writer) = (stage.store(), stage.unknown().await.remove(0).id);
    let (member, session, person) = (Member::Household(household), groom(), Stage::person());
    let tied = store.tie_unknown_writer(&session, writer, member, &person, stage.now);
    tied.await.expect("no knot")
}

async fn leaves(stage: &Stage, household: HouseholdId) -> bool {
    let (store, person) = (stage.store(), Stage::person());
    let left = store.delete_household(household, &person, stage.now);
    left.await.expect("no knot")
}

async fn hears(stage: &Stage, session: &SessionName, message: &ObservedMessage) {
    let store = stage.store();
    let recorded = store.record_message(session, message, stage.now).await;
    recorded.expect("no knot");
}

async fn edits(stage: &Stage, guest: GuestId, edit: &GuestEdit) {
    let (store, person) = (stage.store(), Stage::person());
    let edited = store.edit_guest(guest, edit, &person, stage.now);
    edited.await.expect("no knot");
}

async fn renews(stage: &Stage, household: HouseholdId) {
    let (store, person) = (stage.store(), Stage::person());
    let renewed = store.renew_invitation(household, None, &person, stage.now);
    renewed.await.expect("no knot");
}

#[tokio::test]
async fn tying_by_hand_meets_a_household_that_leaves() {
    let mut stage = stage().await;
    for n in 1..=2 * TIMES {
        let household = nameless(&mut stage, n).await.household_id;
        let gate =
            format!("SELECT 1 FROM invitation WHERE household_id = '{household}' FOR UPDATE");
        let (tie, leaves) = (tie(&stage, household), leaves(&stage, household));
        let tied = if n % 2 == 0 {
            Box::pin(meet(&stage, &gate, tie, leaves)).await.0
        } else {
            Box::pin(meet(&stage, &gate, leaves, tie)).await.1
        };
        let expected = |tied| match tied {
            Tied::Done(_) => n % 2 == 0,
            other => other == Tied::NoSuchHousehold && n % 2 == 1,
        };
        assert!(expected(tied), "{n}: {tied:?}");
        stage.tamper("DELETE FROM unknown_writer").await;
    }
}

/// Somebody of the household was kept as unknown under a hidden id, and now writes so that it shows who they are.
#[tokio::test]
async fn an_inbound_meets_a_household_that_leaves() {
    let mut stage = stage().await;
    for n in 1..=2 * TIMES {
        let guest = stage.invite(&format!("Rossi {n}"), Some(n)).await;
        let household = guest.household_id;
        let words = stage.first_words(household).await;
        stage.writes(n, stage.now).await;
        stage
            .record(&says(lid(n), &format!("L{n}"), &words, stage.now))
            .await;
        renews(&stage, household).await;
        let gate = format!(
            "SELECT 1 FROM unknown_writer WHERE suggested_household_id = '{household}' FOR UPDATE"
        );
        let message = with_alt(inbound(lid(n), &format!("M{n}"), stage.now), chat(n));
        let session = groom();
        let (hears, leaves) = (hears(&stage, &session, &message), leaves(&stage, household));
        if n % 2 == 0 {
            Box::pin(meet(&stage, &gate, hears, leaves)).await;
        } else {
            Box::pin(meet(&stage, &gate, leaves, hears)).await;
        }
        assert_eq!(stage.count("unknown_writer").await, 0, "{n}");
        assert_eq!(stage.count("household").await, 0, "{n}");
    }
}

/// A guest gets the number that just turns out to be of somebody who is tied to their household by a hidden id.
#[tokio::test]
async fn a_guests_edit_meets_a_merge_of_contacts() {
    let mut stage = stage().await;
    for n in 1..=2 * TIMES {
        let (number, hidden) = (phone(n), lid(n));
        let guest = stage.invite(&format!("Rossi {n}"), None).await;
        let other = stage.invite(&format!("Rossi {n}"), None).await;
        let words = stage.first_words(guest.household_id).await;
        stage
            .record(&says(hidden.clone(), &format!("A{n}"), &words, stage.now))
            .await;
        // both share the phone
        let phones = stage.store().unassigned_phones(1).await.unwrap();
        let (store, person) = (stage.store(), Stage::person());
        let shared = store.assign_phone(&phones[0], PhoneOwner::Everyone, &person, stage.now);
        assert_eq!(shared.await.unwrap(), PhoneAssigned::Done);
        let tied = stage.contact_of_guest(guest.id).await.expect("tied");
        stage.later(chrono::TimeDelta::milliseconds(1));
        stage.queue(number.clone()).await;
        let message = with_alt(inbound(hidden, &format!("B{n}"), stage.now), chat(n));
        let gate = format!("SELECT 1 FROM contact WHERE id = '{tied}' FOR UPDATE");
        let edit = GuestEdit {
            phone: Some(Some(number)),
            household: Some(Some(format!("Bianchi {n}"))),
            ..GuestEdit::default()
        };
        let session = groom();
        let (edits, merges) = (
            edits(&stage, other.id, &edit),
            hears(&stage, &session, &message),
        );
        if n % 2 == 0 {
            Box::pin(meet(&stage, &gate, edits, merges)).await;
        } else {
            Box::pin(meet(&stage, &gate, merges, edits)).await;
        }
        let moved = stage.store().guest(other.id).await.unwrap().unwrap();
        assert_eq!(
            moved.household.as_deref(),
            Some(format!("Bianchi {n}").as_str())
        );
        let with_number = format!(
            "SELECT id AS value FROM contact WHERE phone = '{}'",
            phone(n).digits()
        );
        let theirs = stage
            .contact_of_guest(other.id)
            .await
            .map(|id| id.to_string());
        assert!(
            theirs.is_some() && theirs == stage.text(&with_number).await,
            "{n}: {theirs:?}"
        );
    }
}

/// A spouse says who somebody is while they write to both spouses, their household changes and its invitation too.
#[tokio::test]
async fn tying_by_hand_meets_inbounds_edits_and_invitations() {
    let mut stage = stage().await;
    for n in 1..=CROWDS {
        let guest = nameless(&mut stage, n).await;
        let household = guest.household_id;
        let words = stage.first_words(household).await;
        let (groom, bride) = (groom(), bride());
        let with_token = says(chat(n), &format!("B{n}"), &words, stage.now);
        let with_both = with_alt(inbound(lid(n), &format!("C{n}"), stage.now), chat(n));
        let edit = GuestEdit {
            household: Some(Some(format!("Bianchi {n}"))),
            ..GuestEdit::default()
        };
        let store = stage.store();
        let person = Stage::person();
        let forgets = store.forget_unknown_writers(stage.now + chrono::TimeDelta::days(31));
        let writer = stage.unknown().await.remove(0).id;
        let member = Member::Household(household);
        let by_hand = store.tie_unknown_writer(&groom, writer, member, &person, stage.now);
        let (tied, (), (), (), (), forgot) = tokio::join!(
            by_hand,
            hears(&stage, &groom, &with_both),
            hears(&stage, &bride, &with_token),
            edits(&stage, guest.id, &edit),
            renews(&stage, household),
            forgets,
        );
        tied.expect("no knot");
        forgot.expect("no knot");
        stage.tamper("DELETE FROM unknown_writer").await;
    }
}
