//! Tests of `sealing.rs`, with its private items.

use super::*;

fn key(secret: &str) -> SealingKey {
    SealingKey::new(&SecretString::from(secret)).expect("long enough")
}

fn session(name: &str) -> SessionName {
    SessionName::parse(name).expect("a name")
}

const SECRET: &str = "a-secret-for-tests-0123456789abcdef";
const OTHER: &str = "b-secret-for-tests-0123456789abcdef";

#[test]
fn the_same_person_seals_to_the_same_text_on_one_session_and_under_one_key_only() {
    let (groom, bride) = (session("groom"), session("bride"));
    let sealed = key(SECRET).seal(&groom, "identity", "393470000001@c.us");
    assert_eq!(
        sealed,
        key(SECRET).seal(&groom, "identity", "393470000001@c.us")
    );
    for other in [
        key(SECRET).seal(&bride, "identity", "393470000001@c.us"),
        key(SECRET).seal(&groom, "push name", "393470000001@c.us"),
        key(SECRET).seal(&groom, "identity", "393470000002@c.us"),
        key(OTHER).seal(&groom, "identity", "393470000001@c.us"),
    ] {
        assert_ne!(sealed, other);
    }
    assert!(!sealed.contains("39347"));
}

#[test]
fn it_opens_where_it_was_sealed_and_nowhere_else() {
    let groom = session("groom");
    for text in ["", "Zia Pina 💍", "393470000001@c.us"] {
        let sealed = key(SECRET).seal(&groom, "push name", text);
        let open = |key: SealingKey, session: &SessionName, used_as: &str, sealed: &str| {
            key.open(session, used_as, sealed)
        };
        let opened = open(key(SECRET), &groom, "push name", &sealed);
        assert_eq!(opened.as_deref(), Some(text));
        assert_eq!(open(key(OTHER), &groom, "push name", &sealed), None);
        assert_eq!(
            open(key(SECRET), &session("bride"), "push name", &sealed),
            None
        );
        assert_eq!(open(key(SECRET), &groom, "identity", &sealed), None);
        assert_eq!(open(key(SECRET), &groom, "push name", &sealed[1..]), None);
    }
}

#[test]
fn a_short_secret_makes_no_key_and_no_key_prints() {
    let short = SealingKey::new(&SecretString::from("0123456789abcdef0123456789abcde "));
    assert_eq!(short.err(), Some(WeakSealingKey));
    assert_eq!(format!("{:?}", key(SECRET)), "SealingKey(…)");
}
