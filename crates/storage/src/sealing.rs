//! Sealing who wrote without being on the list: deterministic authenticated encryption (AES-SIV, RFC 5297). The same person
//! seals to the same text, so that they are found again; without the key, which is not in the database, it is nobody.
//!
//! The rules that must hold: what is sealed is bound to its session, so that the rows of two spouses about one person
//! have nothing in common; the key is never printed.

use std::{fmt, sync::Arc};

use aes_siv::{KeyInit, siv::Aes256Siv};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{ids::AccountId, phone_number::PhoneNumber, session::SessionName};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::{Digest, Sha512};

/// The key that unknown writers, the numbers of erased guests, and secrets of second factors are sealed with. Clones are the same key.
#[derive(Clone)]
pub struct SealingKey(Arc<SecretBox<[u8; 64]>>);

/// The secret behind the key can be guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "it is shorter than {} characters: make one, for example with `openssl rand -hex 32`",
    SealingKey::SHORTEST
)]
pub struct WeakSealingKey;

const SECOND_FACTOR: &[u8] = b"second factor";

impl SealingKey {
    /// The fewest characters of a secret.
    pub const SHORTEST: usize = 32;

    /// Makes the key of a secret of any form. A changed secret makes another key: what was sealed before stays shut.
    pub fn new(secret: &SecretString) -> Result<Self, WeakSealingKey> {
        let text = secret.expose_secret().trim();
        if text.chars().count() < Self::SHORTEST {
            return Err(WeakSealingKey);
        }
        let key = Sha512::new()
            .chain_update("unknown writers\0")
            .chain_update(text)
            .finalize();
        Ok(Self(Arc::new(SecretBox::new(Box::new(key.into())))))
    }

    /// Seals a text of that session, for that use: equal texts become equal.
    pub(crate) fn seal(&self, session: &SessionName, used_as: &str, text: &str) -> String {
        self.sealed(headers(session, used_as), text)
    }

    fn sealed(&self, headers: [&[u8]; 2], text: &str) -> String {
        let sealed = self
            .cipher()
            .encrypt(headers, text.as_bytes())
            .expect("AES-SIV takes two headers and any text");
        URL_SAFE_NO_PAD.encode(sealed)
    }

    /// Seals a number that is nobody's own on no session, to know it again.
    pub(crate) fn seal_number(&self, phone: &PhoneNumber) -> String {
        // no session has an empty name
        self.sealed([b"", b"erased number"], phone.digits())
    }

    /// Opens what was sealed so; `None`: with another key, on another session, for another use, or not at all.
    pub(crate) fn open(
        &self,
        session: &SessionName,
        used_as: &str,
        sealed: &str,
    ) -> Option<String> {
        self.opened(headers(session, used_as), sealed)
    }

    /// Seals the secret of an account's second factor. No session has the name of an account's id, so the uses of the key stay apart.
    pub(crate) fn seal_factor(&self, account: AccountId, secret: &str) -> String {
        let account = account.to_string();
        self.sealed([account.as_bytes(), SECOND_FACTOR], secret)
    }

    /// Opens the secret of that account's second factor.
    pub(crate) fn open_factor(&self, account: AccountId, sealed: &str) -> Option<String> {
        let account = account.to_string();
        self.opened([account.as_bytes(), SECOND_FACTOR], sealed)
    }

    fn opened(&self, headers: [&[u8]; 2], sealed: &str) -> Option<String> {
        let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let opened = self.cipher().decrypt(headers, &sealed).ok()?;
        String::from_utf8(opened).ok()
    }

    fn cipher(&self) -> Aes256Siv {
        Aes256Siv::new(self.0.expose_secret().into())
    }
}

fn headers<'a>(session: &'a SessionName, used_as: &'a str) -> [&'a [u8]; 2] {
    [session.as_str().as_bytes(), used_as.as_bytes()]
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKey(…)")
    }
}

#[cfg(test)]
#[path = "../tests/unit/sealing.rs"]
mod tests;
