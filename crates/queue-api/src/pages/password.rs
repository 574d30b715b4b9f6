//! Passwords: Argon2id with the parameters that OWASP names first (19 MiB, two passes).
//!
//! The rule that must hold: however many try at once, one is hashed or judged at a time, off the runtime's threads and in memory that is taken
//! once; so many wait for that, and more are told to come again.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use chassis::{Dice, Problem};
use http::StatusCode;
use rand::RngExt;
use serde_json::Value;
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use zxcvbn::{Score, zxcvbn};

use super::refusal::Refused;
use crate::app::App;

/// The shortest that is taken (NIST SP 800-63B asks for eight).
pub(super) const SHORTEST: usize = 10;
/// The longest, so that nobody makes us hash a book.
const LONGEST: usize = 200;
/// Common passwords, 99,838 of them, as one JSON array: a text and no array of texts, because the addresses of an array would be resident in every process.
/// Unmodified from `data/common-passwords.json` of the crate `passwords` 3.1.19 (MIT, its licence is beside it).
const COMMON: &str = include_str!("../../vendored/passwords-3.1.19/common-passwords.json");
/// So many characters are judged.
const JUDGED: usize = 40;
/// What a stranger tries first at such a page (docs/security.md lists them).
const CONTEXT: [&str; 12] = [
    "matrimonio",
    "nozze",
    "sposi",
    "sposa",
    "sposo",
    "invito",
    "wedding",
    "bride",
    "groom",
    "marriage",
    "whatsapp",
    "invitati",
];
/// So many are hashed or wait for it.
const AT_ONCE: usize = 64;
/// When a place is worth asking for again.
const AGAIN: Duration = Duration::from_secs(5);
/// Bytes of salt (RFC 9106, section 3.1).
const SALT: usize = 16;

/// Hashes and compares passwords, in turn.
pub(crate) struct Passwords {
    places: Semaphore,
    turn: Semaphore,
    memory: Arc<Mutex<Vec<Block>>>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            places: Semaphore::new(AT_ONCE),
            turn: Semaphore::new(1),
            memory: Arc::default(),
        }
    }
}

/// The key of what is wrong with a password that the account of that name is to have.
pub(super) async fn mistake(
    app: &App,
    password: &str,
    name: &str,
) -> Result<Option<&'static str>, Refused> {
    let (couple, _) = app.store.config().await?;
    let about = [name, &couple.groom_name, &couple.bride_name].map(str::to_owned);
    let password = password.to_owned();
    let judged = app.passwords.in_turn(move |_| weakness(&password, &about));
    Ok(judged.await?)
}

/// `about`: what others know of the account. Not taken are common passwords (ASVS 5.0, 6.2.4) and what is guessed among the
/// first million, with words of the context first (6.2.11); the lists are the libraries'.
fn weakness(password: &str, about: &[String]) -> Option<&'static str> {
    let about = about.iter().map(String::as_str).chain(CONTEXT);
    let about: Vec<_> = about.collect();
    if !(SHORTEST..=LONGEST).contains(&password.chars().count()) {
        Some("account-bad-password")
    } else if is_common(password) || zxcvbn(beginning(password), &about).score() < Score::Two {
        Some("account-common-password")
    } else {
        None
    }
}

/// What is judged of a password: the work grows much faster than its length, and the whole is no weaker.
fn beginning(password: &str) -> &str {
    let end = password.char_indices().nth(JUDGED);
    end.map_or(password, |(end, _)| &password[..end])
}

fn is_common(password: &str) -> bool {
    COMMON.contains(&Value::from(password).to_string())
}

impl Passwords {
    /// What is stored of a password.
    pub(super) async fn hash(&self, password: String, dice: &Dice) -> Result<String, Problem> {
        let salt = dice.roll(RngExt::random);
        let hashed = self.in_turn(move |memory| hashed(&password, salt, memory));
        hashed.await?.ok_or_else(Problem::internal)
    }

    /// Whether `password` is the one behind `hash`. Without a hash it takes as long, and is not.
    pub(super) async fn is(&self, hash: Option<String>, password: String) -> Result<bool, Problem> {
        if password.chars().count() > LONGEST {
            return Ok(false);
        }
        self.in_turn(move |memory| {
            let known = hash.and_then(|hash| is_behind(&hash, &password, memory));
            known.unwrap_or_else(|| {
                drop(hashed(&password, [0; SALT], memory));
                false
            })
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Vec<Block>) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let _place = self.places.try_acquire().map_err(|_| too_many())?;
        let _turn = self.turn.acquire().await.map_err(|_| Problem::internal())?;
        let memory = Arc::clone(&self.memory);
        let work = move || work(&mut memory.lock().unwrap_or_else(PoisonError::into_inner));
        spawn_blocking(work).await.map_err(|_| Problem::internal())
    }
}

/// 429 `too_many_sign_ins`.
fn too_many() -> Problem {
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_sign_ins")
        .detail("Too many people are signing in at this moment; try again in a few seconds.")
        .retry_after(AGAIN)
}

/// The PHC string of a password. `None`: a fault of ours.
fn hashed(password: &str, salt: [u8; SALT], memory: &mut Vec<Block>) -> Option<String> {
    let (algorithm, version, params) =
        (Algorithm::default(), Version::default(), Params::default());
    let argon2 = Argon2::new(algorithm, version, params.clone());
    let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
    let output = derived(&argon2, password, &salt, length, memory)?;
    let hash = PasswordHash {
        algorithm: algorithm.ident(),
        version: Some(version.into()),
        params: ParamsString::try_from(&params).ok()?,
        salt: Some(Salt::new(&salt).ok()?),
        hash: Some(Output::new(&output).ok()?),
    };
    Some(hash.to_string())
}

/// `None`: what is stored is no hash of a kind that we make.
fn is_behind(hash: &str, password: &str, memory: &mut Vec<Block>) -> Option<bool> {
    let hash = PasswordHash::new(hash).ok()?;
    let params = Params::try_from(&hash).ok()?;
    if params.block_count() > Params::default().block_count() {
        return None;
    }
    let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
    let version = Version::try_from(hash.version?).ok()?;
    let (salt, expected) = (hash.salt?, hash.hash?);
    let argon2 = Argon2::new(algorithm, version, params);
    let output = derived(&argon2, password, &salt, expected.len(), memory)?;
    Some(output.ct_eq(expected.as_ref()).into())
}

fn derived(
    argon2: &Argon2<'_>,
    password: &str,
    salt: &[u8],
    length: usize,
    memory: &mut Vec<Block>,
) -> Option<Vec<u8>> {
    memory.resize(Params::default().block_count(), Block::default());
    let mut output = vec![0; length];
    argon2
        .hash_password_into_with_memory(password.as_bytes(), salt, &mut output, memory)
        .ok()?;
    Some(output)
}

#[cfg(test)]
#[path = "../../tests/unit/passwords.rs"]
mod tests;
