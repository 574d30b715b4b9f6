//! Whoever looks at a page.

use axum::extract::FromRequestParts;
use chassis::Problem;
use domain::config::Language;
use domain::session::SessionName;
use http::request::Parts;
use http::{HeaderMap, Uri, header};
use secrecy::ExposeSecret;
use sha2::{Digest, Sha256};
use storage::{AccountRow, Actor};
use url::form_urlencoded;

use super::cookie;
use super::refusal::Refused;
use crate::app::App;
use crate::auth::{hash, new_secret};
use crate::problem::Failure;

/// Somebody's browser, signed in or not.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    secret: String,
    /// It did not bring the secret: it gets it with the answer.
    new: bool,
    account: Option<AccountRow>,
    /// The hash of what a browser has in which somebody was signed in before.
    before: Option<String>,
    /// What the browser asks for, while nobody is signed in.
    spoken: Option<Language>,
    /// What the form before this page did, as its address says.
    said: Option<String>,
}

impl Visitor {
    /// Whose browser it is.
    pub(super) async fn of(
        app: &App,
        uri: &Uri,
        headers: &HeaderMap,
        secure: bool,
    ) -> Result<Self, Failure> {
        let presented = cookie::presented(headers, secure);
        let account = match &presented {
            Some(secret) => app.store.signed_in(&hash(secret), app.now()).await?,
            None => None,
        };
        Ok(Self {
            new: presented.is_none(),
            secret: presented.unwrap_or_else(|| fresh_secret(app)),
            account,
            before: cookie::signed_in_before(headers, secure)
                .as_deref()
                .map(hash),
            spoken: spoken(headers),
            said: said(uri),
        })
    }

    /// The account that is signed in.
    pub(super) const fn account(&self) -> Option<&AccountRow> {
        self.account.as_ref()
    }

    /// The hash of what this browser was given when somebody signed in in it.
    pub(super) fn signed_in_before(&self) -> Option<&str> {
        self.before.as_deref()
    }

    /// The account that is signed in, behind a page that only such see.
    pub(super) fn known(&self) -> Result<&AccountRow, Refused> {
        let problem = || Problem::new(http::StatusCode::UNAUTHORIZED, "signed_out");
        self.account().ok_or_else(|| problem().into())
    }

    /// As the audit log names them.
    pub(super) fn actor(&self) -> Actor {
        let name = self
            .account()
            .map_or("somebody", |account| account.name.as_str());
        Actor::new(name)
    }

    /// The session that is theirs, when they are a spouse.
    pub(super) fn own_session(&self) -> Option<&SessionName> {
        self.account().and_then(AccountRow::session)
    }

    /// The language to speak; `usual` where nobody knows better.
    pub(super) fn language(&self, usual: Language) -> Language {
        let own = self.account().map(|account| account.language);
        own.or(self.spoken).unwrap_or(usual)
    }

    /// What the form before this page did: the end of a text's key.
    pub(super) fn said(&self) -> Option<&str> {
        self.said.as_deref()
    }

    /// What forms of this browser carry: nobody else's page can know it.
    pub(super) fn form_token(&self) -> String {
        let digest = Sha256::new()
            .chain_update("form\0")
            .chain_update(&self.secret);
        hex::encode(digest.finalize())
    }

    pub(super) fn secret(&self) -> &str {
        &self.secret
    }

    pub(super) const fn is_new(&self) -> bool {
        self.new
    }
}

/// A secret for a browser.
pub(super) fn fresh_secret(app: &App) -> String {
    new_secret(app.dice()).expose_secret().to_owned()
}

/// `?said=…`
fn said(uri: &Uri) -> Option<String> {
    let query = uri.query()?;
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs
        .find(|(name, _)| name == "said")
        .map(|(_, value)| value.into_owned())
}

/// The first language of ours that the browser asks for.
fn spoken(headers: &HeaderMap) -> Option<Language> {
    let asked = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    asked.split(',').find_map(|tag| {
        let primary = tag.trim().split(['-', ';']).next()?;
        primary.to_ascii_lowercase().parse().ok()
    })
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        let visitor = parts.extensions.get::<Self>().cloned();
        // every page stands behind the guard; if one did not, it would stay shut
        visitor.ok_or_else(|| Problem::internal().into())
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("it-IT,it;q=0.9,en;q=0.8", Some(Language::Italian))]
    #[case("de-DE,en-GB;q=0.7", Some(Language::English))]
    #[case("EN", Some(Language::English))]
    #[case("fr", None)]
    fn the_browser_says_what_it_speaks(
        #[case] line: &'static str,
        #[case] found: Option<Language>,
    ) {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(line));
        assert_eq!(spoken(&headers), found);
    }
}
