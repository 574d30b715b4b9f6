//! What is known of two contacts that become one: no fact of either is lost, and the more careful one holds.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use domain::{ids::ContactId, message_status::MessageStatus};
use storage::{HouseholdPhone, PhoneAssigned, PhoneOwner, Recorded, testing::TestDatabase};

use super::{
    inviting::says,
    merging::{EVIDENCE, tells_both},
    stage::{Stage, chat, inbound, lid, own},
};

/// What becomes of each column of a contact: `|` is before those of which the later value holds, whichever of the two had it. A new column
/// is decided about here. Nothing reads `unanswered` since 0027.
const CONTACT_COLUMNS: [(&str, &str); 4] = [
    (
        "contact",
        "id phone created_at household_id erased_seal erased_at | \
         opted_out_at suspended_at opted_in_at wish_told_at opt_in_told_at identity_unconfirmed_since assigned_at",
    ),
    (
        "contact_session",
        "contact_id session own_number evidence_id chat_id unanswered | \
         last_in_at last_out_at answered_at hand_typed_at refused_at refusals delivered_at \
         undelivered_seen_at",
    ),
    (
        "invitation_phone",
        "invitation_id contact_id tied_at push_name | refused_at",
    ),
    ("conversation_seen", "account_id contact_id seen_at |"),
];

/// Later than anything that a test does, in epoch milliseconds.
const LATER: i64 = 4_000_000_000_000;

/// The column of the table that holds the contact.
fn key_of(table: &str) -> &'static str {
    if table == "contact" {
        "id"
    } else {
        "contact_id"
    }
}

/// A value of a column that outweighs what any test writes there. A refusal counts when it is later than the last word.
fn outweighing(column: &str) -> i64 {
    match column {
        "refusals" => 7,
        "refused_at" => LATER + 1,
        _ => LATER,
    }
}

async fn columns(db: &TestDatabase, table: &str) -> BTreeSet<String> {
    let sql = match db.kind() {
        "SQLite" => format!("SELECT name AS value FROM pragma_table_info('{table}')"),
        _ => format!(
            "SELECT column_name AS value FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{table}'"
        ),
    };
    db.texts(&sql).await.into_iter().flatten().collect()
}

#[tokio::test]
async fn each_column_of_a_contact_is_decided_about() {
    for db in TestDatabase::each().await {
        for (table, listed) in CONTACT_COLUMNS {
            let words = listed.split_whitespace().filter(|word| *word != "|");
            let listed: BTreeSet<_> = words.map(str::to_owned).collect();
            assert_eq!(columns(&db, table).await, listed, "{table}, {}", db.kind());
        }
    }
}

/// Two contacts of one person of a household; their card's invitation brought in both.
async fn two_of_one(stage: &mut Stage) -> [ContactId; 2] {
    let anna = stage.invite("Rossi", None).await;
    let other = stage.invite("Rossi", None).await;
    let words = stage.first_words(anna.household_id).await;
    let mut both = Vec::new();
    for (n, from) in [chat(1), lid(1)].into_iter().enumerate() {
        let word = says(from, &format!("CODE{n}"), &words, stage.now);
        let Recorded::Inbound { contact, .. } = stage.record(&word).await else {
            panic!("not tied");
        };
        both.push(contact);
    }
    for (guest, contact) in [(&anna, both[0]), (&other, both[1])] {
        let of = format!(
            "UPDATE guest SET contact_id = '{contact}' WHERE id = '{}'",
            guest.id
        );
        stage.tamper(&of).await;
    }
    both.try_into().expect("two")
}

/// Whichever of the two had a fact, the one contact has it: an account of a later moment, a refusal, a mark.
#[tokio::test]
async fn no_fact_of_either_contact_is_lost() {
    for had_by in [0, 1] {
        for mut stage in Stage::each().await {
            let both = two_of_one(&mut stage).await;
            for (table, listed) in CONTACT_COLUMNS {
                let key = key_of(table);
                for column in listed.split_once('|').unwrap().1.split_whitespace() {
                    let sql = format!(
                        "UPDATE {table} SET {column} = {} WHERE {key} = '{}'",
                        outweighing(column),
                        both[had_by]
                    );
                    stage.tamper(&sql).await;
                }
            }
            // what is typed on the phone tells the pair, and changes none of these
            let typed = tells_both(own(chat(1), "TYPED", "Ciao", stage.now), 1);
            stage.record(&typed).await;
            assert!(stage.store().contact(both[1]).await.unwrap().is_none());
            for (table, listed) in CONTACT_COLUMNS {
                let key = key_of(table);
                for column in listed.split_once('|').unwrap().1.split_whitespace() {
                    let sql = format!(
                        "SELECT {column} AS value FROM {table} WHERE {key} = '{}'",
                        both[0]
                    );
                    assert_eq!(
                        stage.int(&sql).await,
                        Some(outweighing(column)),
                        "{table}.{column} of {had_by}"
                    );
                }
            }
        }
    }
}

/// A person says of the hidden number that it is no guest's; then it turns out to be the number that the code had brought in.
#[tokio::test]
async fn not_a_guest_holds_for_a_phone_that_a_code_alone_had_tied() {
    for mut stage in Stage::each().await {
        let anna = stage.invite("Rossi", None).await;
        stage.invite("Rossi", None).await;
        let home = anna.household_id;
        let words = stage.first_words(home).await;
        let mut tied = Vec::new();
        for (n, from) in [chat(1), lid(1)].into_iter().enumerate() {
            let word = says(from, &format!("CODE{n}"), &words, stage.now);
            let Recorded::Inbound { contact, .. } = stage.record(&word).await else {
                panic!("not tied");
            };
            tied.push(contact);
        }
        let waiting = stage.queue(tied[0]).await;
        let phone = HouseholdPhone {
            contact: tied[1],
            household: home,
        };
        let (store, person) = (stage.store(), Stage::person());
        assert!(
            store
                .refuse_phone(&phone, &person, stage.now)
                .await
                .unwrap()
        );
        let both = tells_both(inbound(chat(1), "BOTH", stage.now), 1);
        assert_eq!(stage.record(&both).await, Recorded::NotAGuest);
        assert_eq!(stage.household_of(tied[0]).await, None);
        assert_eq!(stage.status(waiting).await, MessageStatus::Cancelled);
        let refused = "SELECT count(*) AS value FROM invitation_phone WHERE refused_at IS NOT NULL";
        assert_eq!(stage.int(refused).await, Some(1));
        assert_eq!(stage.text(EVIDENCE).await, None, "its words serve");
        let people = store.household(home).await.unwrap().unwrap();
        assert_eq!((people.contacts.len(), people.free_seats), (0, 1));
        let again = says(chat(1), "AGAIN", &words, stage.now);
        assert_eq!(stage.record(&again).await, Recorded::NotAGuest);
    }
}

/// The number is a guest's own: the guest keeps it, and its words are consent; the mark stays with the seat.
#[tokio::test]
async fn neither_a_mark_nor_an_assignment_is_lost() {
    for mut stage in Stage::each().await {
        let anna = stage.invite("Rossi", Some(1)).await;
        let home = anna.household_id;
        let words = stage.first_words(home).await;
        let at = stage.now - TimeDelta::hours(1);
        let hidden = stage.record(&says(lid(1), "CODE", &words, at)).await;
        let Recorded::Inbound {
            contact: hidden, ..
        } = hidden
        else {
            panic!("not tied: {hidden:?}");
        };
        stage.writes(1, at - TimeDelta::hours(1)).await;
        let phone = HouseholdPhone {
            contact: hidden,
            household: home,
        };
        let (store, person) = (stage.store(), Stage::person());
        assert!(
            store
                .refuse_phone(&phone, &person, stage.now)
                .await
                .unwrap()
        );
        let typed = tells_both(own(chat(1), "TYPED", "Ciao", stage.now), 1);
        stage.record(&typed).await;
        assert!(stage.store().contact(hidden).await.unwrap().is_none());
        assert_eq!(stage.contact_of_guest(anna.id).await, anna.contact);
        let evidence = stage.text(EVIDENCE).await.expect("no consent");
        assert!(evidence.starts_with("IN1AT"), "{evidence}");
        let refused = "SELECT count(*) AS value FROM invitation_phone WHERE refused_at IS NOT NULL";
        assert_eq!(stage.int(refused).await, Some(1));
    }
}

/// A person said whose the hidden number is: that it turns out to be a listed guest's of another household takes it from neither.
#[tokio::test]
async fn what_a_person_said_of_a_phone_outlives_its_number() {
    for mut stage in Stage::each().await {
        let listed = stage.invite("Rossi", Some(1)).await;
        let [bianchi, other] = [
            stage.invite("Bianchi", None).await,
            stage.invite("Bianchi", None).await,
        ];
        let home = bianchi.household_id;
        let words = stage.first_words(home).await;
        let word = stage.record(&says(lid(1), "CODE", &words, stage.now)).await;
        let Recorded::Inbound { contact, .. } = word else {
            panic!("not tied: {word:?}");
        };
        let phone = HouseholdPhone {
            contact,
            household: home,
        };
        let (store, person) = (stage.store(), Stage::person());
        let owner = PhoneOwner::Guest(other.id);
        let assigned = store.assign_phone(&phone, owner, &person, stage.now).await;
        assert_eq!(assigned.unwrap(), PhoneAssigned::Done);
        stage
            .record(&tells_both(inbound(lid(1), "BOTH", stage.now), 1))
            .await;
        for guest in [listed.id, other.id] {
            assert_eq!(stage.contact_of_guest(guest).await, listed.contact);
        }
        assert_eq!(stage.contact_of_guest(bianchi.id).await, None);
    }
}

/// An account has read the one conversation and not the other: of the one conversation that they become, something is unread.
#[tokio::test]
async fn what_was_not_read_of_one_of_two_stays_unread() {
    for mut stage in Stage::each().await {
        let [read, other] = two_of_one(&mut stage).await;
        let account = domain::ids::AccountId::new(stage.now, &mut stage.dice);
        for sql in [
            format!(
                "INSERT INTO account (id, name, name_folded, role, session, language, password_hash, created_at)
                 VALUES ('{account}', 'Giulia', 'giulia', 'couple', 'groom', 'it', '-', 1)"
            ),
            format!("INSERT INTO conversation_seen (account_id, contact_id, seen_at) VALUES ('{account}', '{read}', {LATER})"),
        ] {
            stage.tamper(&sql).await;
        }
        let typed = tells_both(own(chat(1), "TYPED", "Ciao", stage.now), 1);
        stage.record(&typed).await;
        assert!(stage.store().contact(other).await.unwrap().is_none());
        assert_eq!(stage.count("conversation_seen").await, 0);
    }
}
