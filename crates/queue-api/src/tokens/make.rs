//! Making a token: the secret goes to whoever asked, its hash into the store.

use chassis::Dice;
use domain::Timestamp;
use domain::ids::TokenId;
use domain::session::SessionName;
use secrecy::{ExposeSecret, SecretString};
use storage::{Actor, NewToken, Store, TokenMaker};

use crate::auth::{Scope, hash, new_secret};
use crate::short_text::trimmed;

/// The longest name of a token, in characters.
pub(crate) const LONGEST_NAME: usize = 100;

/// The name as it is kept, when it is one.
pub(crate) fn good_name(name: &str) -> Option<&str> {
    trimmed(name, LONGEST_NAME)
}

/// The list of scopes cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadScopes {
    /// A word that is no scope.
    #[error("a scope is read, enqueue or operate; separate several by commas")]
    Unknown,
    /// None at all: such a token could do nothing.
    #[error("a token needs at least one scope: read, enqueue, operate")]
    None,
}

/// Reads `read,enqueue,operate`, each at most once in the answer.
pub fn parse_scopes(text: &str) -> Result<Vec<Scope>, BadScopes> {
    let mut scopes = Vec::new();
    for word in text
        .split(',')
        .map(str::trim)
        .filter(|word| !word.is_empty())
    {
        let scope = word.parse().map_err(|_| BadScopes::Unknown)?;
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    if scopes.is_empty() {
        Err(BadScopes::None)
    } else {
        Ok(scopes)
    }
}

/// Makes a token from the command line and gives its secret: the only time that it can be seen. The session must exist.
pub async fn create(
    store: &Store,
    name: &str,
    scopes: &[Scope],
    session: Option<&SessionName>,
    now: Timestamp,
    dice: &Dice,
) -> Result<SecretString, storage::Error> {
    let actor = Actor::new("command line");
    let wanted = Wanted {
        name,
        scopes,
        session,
        made_by: TokenMaker::CommandLine,
    };
    let made = keep_new(store, wanted, &actor, now, dice).await;
    let made = made?.map(|(_, secret)| secret);
    // the command line always may
    made.ok_or(storage::Error::UnexpectedRows { touched: 0 })
}

/// What is to be made.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) name: &'a str,
    pub(crate) scopes: &'a [Scope],
    /// Must exist.
    pub(crate) session: Option<&'a SessionName>,
    pub(crate) made_by: TokenMaker,
}

/// Keeps it. `None`: its maker may make none any more.
pub(crate) async fn keep_new(
    store: &Store,
    wanted: Wanted<'_>,
    actor: &Actor,
    now: Timestamp,
    dice: &Dice,
) -> Result<Option<(TokenId, SecretString)>, storage::Error> {
    let secret = new_secret(dice);
    let token = NewToken {
        id: dice.roll(|dice| TokenId::new(now, dice)),
        name: wanted.name.to_owned(),
        hash: hash(secret.expose_secret()),
        scopes: wanted.scopes.iter().map(ToString::to_string).collect(),
        session: wanted.session.cloned(),
        made_by: wanted.made_by,
    };
    let kept = store.add_token(&token, actor, now).await?;
    Ok(kept.then_some((token.id, secret)))
}
