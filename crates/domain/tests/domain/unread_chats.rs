//! Chats that WAHA refuses to read are told after five minutes.

use chrono::TimeDelta;
use domain::{Timestamp, unread_chats::UnreadChats};

#[test]
fn a_chat_is_unread_after_five_minutes() {
    let now: Timestamp = "2026-11-23T11:00:00Z".parse().expect("a time");
    let ago = |minutes: &i64| now - TimeDelta::minutes(*minutes);
    let of = |minutes: &[i64]| UnreadChats::of(minutes.iter().map(ago), now);
    assert_eq!(of(&[]), None);
    assert_eq!(of(&[0, 4]), None);
    let since = ago(&9);
    assert_eq!(of(&[5, 1, 9]), Some(UnreadChats { since, chats: 2 }));
}
