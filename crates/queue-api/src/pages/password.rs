//! Passwords: Argon2id with the parameters that OWASP names first (19 MiB, two passes). One at a time, so that guessing
//! cannot take the machine's memory away.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use chassis::Problem;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// The shortest that is taken (NIST SP 800-63B asks for eight).
pub(super) const SHORTEST: usize = 10;
/// The longest, so that nobody makes us hash a book.
const LONGEST: usize = 200;

/// Hashes and compares passwords, in turn.
pub(crate) struct Passwords {
    turn: Semaphore,
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            turn: Semaphore::new(1),
        }
    }
}

/// Whether it may be somebody's password.
pub(super) fn is_good(password: &str) -> bool {
    (SHORTEST..=LONGEST).contains(&password.chars().count())
}

impl Passwords {
    /// What is stored of a password.
    pub(super) async fn hash(&self, password: String) -> Result<String, Problem> {
        let hashed = self.in_turn(move || {
            let hash: Result<PasswordHash, _> =
                Argon2::default().hash_password(password.as_bytes());
            hash.map(|hash| hash.to_string())
        });
        hashed.await?.map_err(|_| Problem::internal())
    }

    /// Whether `password` is the one behind `hash`. Without a hash it takes as long, and is not.
    pub(super) async fn is(&self, hash: Option<String>, password: String) -> Result<bool, Problem> {
        if password.chars().count() > LONGEST {
            return Ok(false);
        }
        self.in_turn(move || {
            if let Some(Ok(hash)) = hash.as_deref().map(PasswordHash::new) {
                let argon2 = Argon2::default();
                return argon2.verify_password(password.as_bytes(), &hash).is_ok();
            }
            let spent: Result<PasswordHash, _> =
                Argon2::default().hash_password(password.as_bytes());
            drop(spent);
            false
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let _turn = self.turn.acquire().await.map_err(|_| Problem::internal())?;
        spawn_blocking(work).await.map_err(|_| Problem::internal())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_by_its_hash_only() {
        let passwords = Passwords::default();
        let hash = passwords.hash("una frase lunga".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert!(!hash.contains("frase"));
        let again = passwords.hash("una frase lunga".to_owned()).await.unwrap();
        assert_ne!(hash, again, "salted");
        let is = |hash: Option<&String>, text: &str| passwords.is(hash.cloned(), text.to_owned());
        assert!(is(Some(&hash), "una frase lunga").await.unwrap());
        assert!(!is(Some(&hash), "una frase corta").await.unwrap());
        assert!(!is(None, "una frase lunga").await.unwrap());
    }

    #[test]
    fn short_ones_and_books_are_not_taken() {
        assert!(!is_good("corta"));
        assert!(is_good("dieci-lett"));
        assert!(!is_good(&"a".repeat(201)));
    }
}
