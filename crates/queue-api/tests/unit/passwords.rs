//! Tests of `pages/password.rs`, with its private items.

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use rstest::rstest;

use super::*;

#[tokio::test]
async fn a_password_is_known_by_its_hash_only() {
    let (passwords, dice) = (Passwords::default(), Dice::seeded(7));
    let hash = passwords
        .hash("una frase lunga".to_owned(), &dice)
        .await
        .unwrap();
    assert!(
        hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{hash}"
    );
    assert!(!hash.contains("frase"));
    let again = passwords
        .hash("una frase lunga".to_owned(), &dice)
        .await
        .unwrap();
    assert_ne!(hash, again, "salted");
    let is = |hash: Option<&String>, text: &str| passwords.is(hash.cloned(), text.to_owned());
    assert!(is(Some(&hash), "una frase lunga").await.unwrap());
    assert!(!is(Some(&hash), "una frase corta").await.unwrap());
    assert!(!is(None, "una frase lunga").await.unwrap());
}

/// With memory of our own the answer is the library's.
#[tokio::test]
async fn a_hash_of_the_library_is_known_and_ours_by_the_library() {
    let (passwords, dice) = (Passwords::default(), Dice::seeded(7));
    let text = "una frase lunga";
    let theirs: PasswordHash = Argon2::default().hash_password(text.as_bytes()).unwrap();
    let theirs = theirs.to_string();
    assert!(passwords.is(Some(theirs), text.to_owned()).await.unwrap());
    let ours = passwords.hash(text.to_owned(), &dice).await.unwrap();
    let ours = PasswordHash::new(&ours).unwrap();
    let known = Argon2::default().verify_password(text.as_bytes(), &ours);
    assert!(known.is_ok());
}

/// More than one is hashed at once nowhere, and what it needs is taken once.
#[tokio::test]
async fn many_at_once_share_one_memory_and_too_many_are_told() {
    let passwords = Passwords::default();
    let all: Vec<_> = (0..=AT_ONCE)
        .map(|_| passwords.is(None, "una frase lunga".to_owned()))
        .collect();
    let outcomes = futures_util::future::join_all(all).await;
    let refused: Vec<_> = outcomes
        .iter()
        .filter_map(|one| one.as_ref().err())
        .collect();
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].status(), StatusCode::TOO_MANY_REQUESTS);
    let memory = passwords.memory.lock().unwrap();
    assert_eq!(memory.capacity(), Params::default().block_count());
}

#[rstest]
#[case::short("corta", Some("account-bad-password"))]
#[case::a_book(&"a".repeat(201), Some("account-bad-password"))]
#[case::common("password123", Some("account-common-password"))]
#[case::one_letter("aaaaaaaaaaaa", Some("account-common-password"))]
#[case::in_a_row("1234567890", Some("account-common-password"))]
#[case::the_name("Giulia1990", Some("account-common-password"))]
#[case::of_the_list("1life2live", Some("account-common-password"))]
#[case::of_the_context("Matrimonio2027", Some("account-common-password"))]
#[case::words("quattro parole nuove", None)]
#[case::ten_letters("dieci-lett", None)]
#[case::the_longest(&format!("quattro parole nuove {}", "x".repeat(179)), None)]
fn what_is_tried_first_is_not_taken(#[case] password: &str, #[case] wrong: Option<&'static str>) {
    assert_eq!(weakness(password, &["Giulia".to_owned()]), wrong);
}

/// Letters that may stand for others, 200 of them, took a second on a thread of the runtime.
#[test]
fn a_long_password_is_judged_by_its_beginning() {
    let long = "4@8({[<369!1|70$5+7%2".repeat(10);
    let long: String = long.chars().take(LONGEST).collect();
    assert_eq!(beginning(&long).chars().count(), JUDGED);
    assert_eq!(beginning("dieci-lett"), "dieci-lett");
    assert_eq!(weakness(&long, &[]), None);
}
