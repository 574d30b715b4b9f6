//! Pages of messages: in order, whole, filtered, and as fast with many rows as with few.

use chrono::TimeDelta;
use domain::{
    ids::{BroadcastId, ContactId, GuestId, MessageId},
    lane::Lane,
    message_status::MessageStatus,
};
use storage::{Cursor, MessageFilter, NewGuest, NewMessage, Recipient};

use super::stage::{Stage, bride, groom, phone, text};

/// All ids that the pages of a filter show, following the cursors as text.
async fn listed(stage: &Stage, filter: &MessageFilter, limit: u32) -> Vec<MessageId> {
    let mut ids = Vec::new();
    let mut after: Option<Cursor> = None;
    loop {
        let page = stage
            .store()
            .messages(filter, after.as_ref(), limit)
            .await
            .unwrap();
        assert!(page.items.len() <= usize::try_from(limit).unwrap());
        ids.extend(page.items.iter().map(|row| row.id));
        let Some(next) = page.next else {
            return ids;
        };
        after = Some(next.to_string().parse().unwrap());
    }
}

#[tokio::test]
async fn pages_show_every_message_once_newest_first() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let mut queued = Vec::new();
        for _ in 0..20 {
            queued.push(stage.queue(contact).await);
        }
        queued.reverse();
        for limit in [1, 7, 10, 20, 21] {
            let ids = listed(&stage, &MessageFilter::default(), limit).await;
            assert_eq!(ids, queued, "by {limit}");
        }
        // The last page knows that it is the last, also when it is full.
        let full = stage
            .store()
            .messages(&MessageFilter::default(), None, 20)
            .await;
        assert_eq!(full.unwrap().next, None);
    }
}

#[tokio::test]
async fn a_page_stays_where_it_was_when_new_messages_come() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let old = [stage.queue(contact).await, stage.queue(contact).await];
        let all = MessageFilter::default();
        let first = stage.store().messages(&all, None, 1).await.unwrap();
        stage.queue(contact).await;
        let second = stage
            .store()
            .messages(&all, first.next.as_ref(), 1)
            .await
            .unwrap();
        assert_eq!(first.items[0].id, old[1]);
        assert_eq!(second.items[0].id, old[0]);
    }
}

#[test]
fn what_no_page_gave_is_no_cursor() {
    for text in [
        "",
        "x",
        "not a cursor",
        "AAAA",
        "01920c4e-7b6d-7c3a-8f21-0a1b2c3d4e5f",
    ] {
        assert!(text.parse::<Cursor>().is_err(), "{text}");
    }
}

/// Messages that differ in everything a filter can ask for.
struct Zoo {
    rows: Vec<NewMessage>,
    cancelled: MessageId,
}

async fn zoo(stage: &mut Stage) -> Zoo {
    let (one, two) = (stage.writer(1).await, stage.writer(2).await);
    let news = BroadcastId::new(stage.now, &mut stage.dice);
    let mut rows = Vec::new();
    for session in [groom(), bride()] {
        for lane in [Lane::Reply, Lane::Manual, Lane::Broadcast] {
            for contact in [one, two] {
                stage.later(TimeDelta::milliseconds(1));
                let broadcast = (lane == Lane::Broadcast && session == groom()).then_some(news);
                rows.push(NewMessage {
                    session: session.clone(),
                    lane,
                    broadcast,
                    ..stage.new_message(contact)
                });
            }
        }
    }
    stage.enqueue(&rows).await;
    let cancelled = rows[3].id;
    let person = Stage::person();
    stage
        .store()
        .cancel(cancelled, &person, stage.now)
        .await
        .unwrap();
    Zoo { rows, cancelled }
}

fn contact_of(row: &NewMessage) -> ContactId {
    match &row.to {
        Recipient::Contact(id) => *id,
        Recipient::Phone(_) => panic!("the zoo is written to by id"),
    }
}

/// Every combination of filters shows what it says, and nothing else.
#[tokio::test]
async fn filters_combine() {
    for mut stage in Stage::each().await {
        let zoo = zoo(&mut stage).await;
        let status = |row: &NewMessage| {
            if row.id == zoo.cancelled {
                MessageStatus::Cancelled
            } else {
                MessageStatus::Pending
            }
        };
        for mask in 0..32_u8 {
            let wanted = &zoo.rows[if mask % 2 == 0 { 3 } else { 4 }];
            let on = |bit: u8| mask & (1 << bit) != 0;
            let filter = MessageFilter {
                session: on(0).then(|| wanted.session.clone()),
                status: on(1).then(|| status(wanted)),
                lane: on(2).then_some(wanted.lane),
                contact: on(3).then(|| contact_of(wanted)),
                broadcast: wanted.broadcast.filter(|_| on(4)),
                text: None,
                search: None,
            };
            let fits = |row: &&NewMessage| {
                filter.session.as_ref().is_none_or(|x| *x == row.session)
                    && filter.status.is_none_or(|x| x == status(row))
                    && filter.lane.is_none_or(|x| x == row.lane)
                    && filter.contact.is_none_or(|x| x == contact_of(row))
                    && filter.broadcast.is_none_or(|x| Some(x) == row.broadcast)
            };
            let expected: Vec<_> = zoo
                .rows
                .iter()
                .filter(fits)
                .map(|row| row.id)
                .rev()
                .collect();
            assert!(
                !expected.is_empty(),
                "{filter:?} shows nothing: it proves nothing"
            );
            assert_eq!(listed(&stage, &filter, 3).await, expected, "{filter:?}");
        }
    }
}

#[tokio::test]
async fn text_is_found_whatever_its_case_and_signs_are_only_signs() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let says = async |stage: &mut Stage, what: &str| {
            stage
                .queue_with(contact, |message| message.text = text(what))
                .await
        };
        let city = says(&mut stage, "Perché È così a FORLÌ").await;
        let percent = says(&mut stage, "il 100% di noi").await;
        let snake = says(&mut stage, "save_the_date").await;
        let slash = says(&mut stage, r"C:\foto").await;
        for (search, found) in [
            ("perché è", vec![city]),
            ("forlì", vec![city]),
            ("100%", vec![percent]),
            ("0%", vec![percent]),
            ("save_the", vec![snake]),
            ("save_t_e", vec![]),
            ("s%e", vec![]),
            (r":\f", vec![slash]),
            ("", vec![slash, snake, percent, city]),
        ] {
            let filter = MessageFilter {
                text: Some(search.to_owned()),
                ..MessageFilter::default()
            };
            assert_eq!(listed(&stage, &filter, 50).await, found, "{search}");
        }
        // An edit is found by its new text only.
        let edit = storage::Edit {
            text: Some(text("Ravenna")),
            ..storage::Edit::default()
        };
        stage
            .store()
            .edit(city, None, &edit, &Stage::person(), stage.now)
            .await
            .unwrap();
        for (search, found) in [("forlì", vec![]), ("ravenna", vec![city])] {
            let filter = MessageFilter {
                text: Some(search.to_owned()),
                ..MessageFilter::default()
            };
            assert_eq!(listed(&stage, &filter, 50).await, found, "{search}");
        }
    }
}

#[tokio::test]
async fn a_message_shows_all_guests_who_share_its_contact() {
    for mut stage in Stage::each().await {
        let contact = stage.writer(1).await;
        let partner = NewGuest {
            id: GuestId::new(stage.now, &mut stage.dice),
            name: "Anna".to_owned(),
            side: None,
            language: None,
            household: None,
            phone: Some(phone(1)),
        };
        stage.store().add_guest(&partner, stage.now).await.unwrap();
        let message = stage.queue(contact).await;
        assert_eq!(stage.row(message).await.guest_names, ["Anna", "Guest 1"]);
        let message = stage.queue(phone(9)).await;
        assert!(stage.row(message).await.guest_names.is_empty());
    }
}

#[tokio::test]
async fn what_is_not_there_is_none() {
    for mut stage in Stage::each().await {
        let nobody = MessageId::new(stage.now, &mut stage.dice);
        let store = stage.store();
        assert!(store.message(nobody).await.unwrap().is_none());
        assert!(store.timeline(nobody).await.unwrap().is_empty());
        assert!(store.explain(nobody, stage.now).await.unwrap().is_none());
        let filter = MessageFilter {
            contact: Some(ContactId::new(stage.now, &mut stage.dice)),
            ..MessageFilter::default()
        };
        let page = store.messages(&filter, None, 10).await.unwrap();
        assert!(page.items.is_empty() && page.next.is_none());
    }
}
