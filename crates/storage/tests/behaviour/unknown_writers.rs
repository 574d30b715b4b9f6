//! Who wrote and is on no list: kept sealed, for a while, for one spouse, at little cost, and never what they wrote.

use chrono::TimeDelta;
use domain::wire::{MessageKind, ObservedMessage};
use storage::{Cursor, Recorded};

use super::{
    inviting::{named, says, sealed_rows, with_alt},
    stage::{Stage, bride, chat, groom, inbound, lid, own, phone},
};

#[tokio::test]
async fn somebody_unknown_is_kept_sealed_and_without_a_word_of_theirs() {
    for stage in Stage::each().await {
        let at = stage.now - TimeDelta::minutes(5);
        let message = says(chat(1), "RAW", "Il codice della banca è 482913", at);
        let message = named(with_alt(message, lid(1)), "Dottor Neri");
        assert_eq!(stage.record(&message).await, Recorded::NotAGuest);
        let writer = stage.only_unknown().await;
        assert_eq!(writer.phone, Some(phone(1)));
        assert_eq!(writer.push_name.as_deref(), Some("Dottor Neri"));
        assert_eq!((writer.first_at, writer.last_at), (at, at));
        assert_eq!(writer.suggested, None);
        assert_eq!(format!("{writer:?}").matches("Neri").count(), 0);
        let stored = sealed_rows(&stage).await.join("\n");
        for secret in [phone(1).digits(), "770001", "Neri", "banca", "482913"] {
            assert!(!stored.contains(secret), "{secret} is in {stored}");
        }
        for table in [
            "conversation_message",
            "contact",
            "contact_lid",
            "audit_log",
        ] {
            assert_eq!(stage.count(table).await, 0, "{table}");
        }
    }
}

#[tokio::test]
async fn the_rows_of_the_two_spouses_about_one_person_have_nothing_in_common() {
    for mut stage in Stage::each().await {
        let message = named(with_alt(inbound(chat(1), "RAW", stage.now), lid(1)), "Ada");
        stage.record(&message).await;
        stage.worker.session = bride();
        stage.record(&message).await;
        let rows = sealed_rows(&stage).await;
        let sealed = |row: &String| {
            let words = row.split(' ').skip(2).take(3);
            words.map(str::to_owned).collect::<Vec<_>>()
        };
        let (one, other) = (sealed(&rows[0]), sealed(&rows[1]));
        assert!(one.iter().all(|word| !other.contains(word)), "{rows:?}");
        let (store, other) = (stage.store(), bride());
        let brides = store.unknown_writers(&other, None, 9, stage.now).await;
        assert_eq!(brides.unwrap().items[0].phone, Some(phone(1)));
    }
}

/// Two identities of one writer are one row, in whatever order they are learnt.
#[tokio::test]
async fn two_identities_are_one_row_also_when_learnt_late() {
    let at = |stage: &Stage, minutes| stage.now - TimeDelta::minutes(minutes);
    for mut stage in Stage::each().await {
        stage.record(&inbound(lid(1), "A", at(&stage, 50))).await;
        assert_eq!(stage.only_unknown().await.phone, None);
        stage.record(&inbound(chat(1), "B", at(&stage, 40))).await;
        assert_eq!(stage.unknown().await.len(), 2);
        let both = with_alt(inbound(lid(1), "C", at(&stage, 30)), chat(1));
        stage.record(&both).await;
        let writer = stage.only_unknown().await;
        assert_eq!(writer.phone, Some(phone(1)));
        assert_eq!(
            (writer.first_at, writer.last_at),
            (at(&stage, 50), at(&stage, 30))
        );
        for (raw, identity) in [("D", lid(1)), ("E", chat(1))] {
            stage.later(TimeDelta::minutes(5));
            stage.record(&inbound(identity, raw, stage.now)).await;
            assert_eq!(stage.only_unknown().await.last_at, stage.now);
        }
        // Two numbers are two people, whatever is said of the hidden id.
        let other = with_alt(inbound(chat(2), "F", stage.now), lid(1));
        stage.record(&other).await;
        let phones: Vec<_> = stage.unknown().await.into_iter().map(|w| w.phone).collect();
        assert_eq!(phones, [Some(phone(2)), Some(phone(1))]);
    }
}

#[tokio::test]
async fn chatter_changes_nothing_within_a_minute() {
    for mut stage in Stage::each().await {
        stage.record(&inbound(chat(1), "A", stage.now)).await;
        let before = sealed_rows(&stage).await;
        stage.later(TimeDelta::seconds(59));
        stage.record(&inbound(chat(1), "B", stage.now)).await;
        assert_eq!(sealed_rows(&stage).await, before);
        stage.later(TimeDelta::seconds(1));
        stage.record(&inbound(chat(1), "C", stage.now)).await;
        let writer = stage.only_unknown().await;
        assert_eq!(writer.last_at, stage.now);
        // A name is news at once; one that an older message told is not.
        let message = inbound(chat(1), "D", stage.now);
        stage.record(&named(message, "Ada")).await;
        let older = inbound(chat(1), "E", stage.now - TimeDelta::seconds(30));
        stage.record(&named(older, "Ada of old")).await;
        let writer = stage.only_unknown().await;
        assert_eq!(writer.push_name.as_deref(), Some("Ada"));
    }
}

/// Reading all chats every few minutes returns of strangers only what is news.
#[tokio::test]
async fn reading_again_what_strangers_wrote_says_nothing() {
    for mut stage in Stage::each().await {
        let household = stage.invite("Rossi", Some(9)).await.household_id;
        let words = stage.first_words(household).await;
        stage.writes(9, stage.now).await;
        let at = |minutes| stage.now - TimeDelta::minutes(minutes);
        let mut messages = Vec::new();
        for n in 1..=3 {
            for minute in 0..20 {
                let raw = format!("IN{n}AT{minute}");
                messages.push(inbound(chat(n), &raw, at(20 - minute)));
            }
        }
        messages.push(own(chat(1), "OWN", "Ciao", stage.now));
        messages.push(says(chat(2), "WORDS", &words, at(10)));
        let left = async |stage: &Stage| {
            let store = stage.store();
            let left = store.unrecorded(&groom(), &messages, stage.now).await;
            let raws = left.unwrap().into_iter().map(|m| m.raw_id.clone());
            raws.collect::<Vec<_>>()
        };
        let telling = [
            "IN1AT0", "IN1AT19", "IN2AT0", "IN2AT19", "IN3AT0", "IN3AT19", "WORDS",
        ];
        assert_eq!(left(&stage).await, telling);
        for message in messages.iter().filter(|m| telling.contains(&&*m.raw_id)) {
            stage.record(message).await;
        }
        assert_eq!(left(&stage).await, Vec::<String>::new());
        let hints = stage.unknown().await;
        let hints: Vec<_> = hints.iter().map(|w| w.suggested.is_some()).collect();
        assert_eq!(hints, [false, true, false]);
    }
}

#[tokio::test]
async fn nobody_is_kept_from_what_proves_nothing() {
    for stage in Stage::each().await {
        let unreadable = ObservedMessage {
            kind: MessageKind::Other,
            body: None,
            ..inbound(chat(1), "UNREADABLE", stage.now)
        };
        let before_pairing = inbound(chat(1), "OLD", stage.now - TimeDelta::days(31));
        let own = own(chat(1), "OWN", "Ciao", stage.now);
        for message in [unreadable, before_pairing, own] {
            assert_eq!(stage.record(&message).await, Recorded::NotAGuest);
        }
        assert_eq!(stage.count("unknown_writer").await, 0);
        // Without a key nobody can be sealed.
        let keyless = stage.db.store();
        let message = inbound(chat(1), "RAW", stage.now);
        keyless
            .record_message(&groom(), &message, stage.now)
            .await
            .unwrap();
        assert_eq!(stage.count("unknown_writer").await, 0);
        let messages = [message];
        let left = keyless.unrecorded(&groom(), &messages, stage.now).await;
        assert!(left.unwrap().is_empty());
    }
}

#[tokio::test]
async fn after_thirty_days_without_a_word_somebody_is_forgotten() {
    for mut stage in Stage::each().await {
        // Paired for long enough to tell.
        stage
            .tamper("UPDATE whatsapp_session_status SET first_connected_at = 0")
            .await;
        stage
            .record(&named(inbound(chat(1), "A", stage.now), "Ada"))
            .await;
        let first = stage.only_unknown().await;
        stage.later(TimeDelta::days(30) - TimeDelta::milliseconds(1));
        stage
            .store()
            .forget_unknown_writers(stage.now)
            .await
            .unwrap();
        assert_eq!(stage.only_unknown().await, first);
        stage.later(TimeDelta::milliseconds(1));
        // Nobody sees them any more, whether or not the broom was there.
        assert_eq!(stage.unknown().await, []);
        assert_eq!(stage.count("unknown_writer").await, 1);
        let old = inbound(chat(1), "B", stage.now - TimeDelta::days(30));
        stage.record(&old).await;
        assert_eq!(stage.unknown().await, []);
        stage.record(&inbound(chat(1), "C", stage.now)).await;
        let anew = stage.only_unknown().await;
        assert_eq!(
            (anew.first_at, anew.push_name.as_deref()),
            (stage.now, None)
        );
        assert_ne!(anew.id, first.id);
        stage.later(TimeDelta::days(30));
        stage
            .store()
            .forget_unknown_writers(stage.now)
            .await
            .unwrap();
        assert_eq!(stage.count("unknown_writer").await, 0);
    }
}

/// An invitation brings somebody ignored back to be looked at, and never ties them by itself.
/// What an invitation showed again of somebody ignored fades like everything else; that they were ignored does not.
#[tokio::test]
async fn they_are_listed_page_by_page_and_for_one_session() {
    for mut stage in Stage::each().await {
        for n in 1..=5 {
            stage.record(&inbound(chat(n), "RAW", stage.now)).await;
            stage.later(TimeDelta::seconds(1));
        }
        stage.worker.session = bride();
        stage.record(&inbound(chat(8), "RAW", stage.now)).await;
        let (mut after, mut seen) = (None::<Cursor>, Vec::new());
        loop {
            let page = stage
                .store()
                .unknown_writers(&groom(), after.as_ref(), 2, stage.now)
                .await
                .unwrap();
            assert!(page.items.len() <= 2);
            seen.extend(page.items.into_iter().map(|w| w.phone.unwrap()));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, [5, 4, 3, 2, 1].map(phone));
    }
}

/// Messages of one stranger come at the same moment, under one name, the other, and both.
#[tokio::test]
async fn messages_at_once_make_one_person() {
    for mut stage in Stage::each().await {
        for round in 1..=10 {
            let raw = |n: u64| format!("ROUND{round}RAW{n}");
            let messages: Vec<_> = (0..9)
                .map(|n| match n % 3 {
                    0 => inbound(lid(round), &raw(n), stage.now),
                    1 => inbound(chat(round), &raw(n), stage.now),
                    _ => with_alt(inbound(lid(round), &raw(n), stage.now), chat(round)),
                })
                .collect();
            let (store, session) = (stage.store(), groom());
            let each = messages
                .iter()
                .map(|message| store.record_message(&session, message, stage.now));
            for recorded in futures_util::future::join_all(each).await {
                assert_eq!(recorded.unwrap(), Recorded::NotAGuest);
            }
            let writer = stage.unknown().await.remove(0);
            assert_eq!(writer.phone, Some(phone(round)));
            assert_eq!(stage.count("unknown_writer").await, round.cast_signed());
            stage.later(TimeDelta::seconds(1));
        }
    }
}
