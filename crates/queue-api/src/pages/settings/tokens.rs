//! `/settings/tokens`: keys for programs. A new one is shown once.
//!
//! The rule that must hold: whoever may not read what is written makes no key, because a key could read it for them; and one
//! spouse's key is never the other's.

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect};
use chassis::Problem;
use domain::Timestamp;
use domain::ids::TokenId;
use secrecy::ExposeSecret;
use serde::Deserialize;
use storage::{TokenMaker, TokenRow};

use crate::app::{App, Shared};
use crate::auth::Scope;
use crate::pages::frame::{Frame, Section};
use crate::pages::page::{form_again, page};
use crate::pages::refusal::{Refused, Shown};
use crate::pages::visitor::Visitor;
use crate::tokens::{LONGEST_NAME, Wanted, good_name, keep_new};

/// A key, without its secret.
struct Token {
    id: TokenId,
    name: String,
    /// What it may do, in words.
    scopes: String,
    /// The spouse whose it is.
    of: Option<String>,
    made: Timestamp,
    used: Option<Timestamp>,
    revoked: Option<Timestamp>,
}

#[derive(Template)]
#[template(path = "pages/tokens.html")]
struct TokensPage {
    f: Frame,
    tokens: Vec<Token>,
    /// Shown this once.
    fresh: Option<String>,
    wanted: Wish,
    wrong: Option<&'static str>,
    longest: usize,
}

/// What somebody wants a key for.
#[derive(Clone, Default, Deserialize)]
pub(super) struct Wish {
    #[serde(default)]
    name: String,
    #[serde(default)]
    read: Option<String>,
    #[serde(default)]
    enqueue: Option<String>,
    #[serde(default)]
    operate: Option<String>,
}

impl Wish {
    fn scopes(&self) -> Vec<Scope> {
        let asked = [
            (&self.read, Scope::Read),
            (&self.enqueue, Scope::Enqueue),
            (&self.operate, Scope::Operate),
        ];
        let asked = asked.into_iter().filter(|(field, _)| field.is_some());
        asked.map(|(_, scope)| scope).collect()
    }
}

pub(super) async fn list(State(app): State<Shared>, visitor: Visitor) -> Shown {
    page(&tokens(&app, &visitor).await?)
}

pub(super) async fn make(
    State(app): State<Shared>,
    visitor: Visitor,
    Form(form): Form<Wish>,
) -> Shown {
    let scopes = form.scopes();
    let name = match (good_name(&form.name), scopes.is_empty()) {
        (None, _) => Err("tokens-bad-name"),
        (Some(_), true) => Err("tokens-no-scope"),
        (Some(name), false) => Ok(name),
    };
    let name = match name {
        Ok(name) => name,
        Err(wrong) => {
            let mut shown = tokens(&app, &visitor).await?;
            (shown.wrong, shown.wanted) = (Some(wrong), form);
            return form_again(&shown);
        }
    };
    let wanted = Wanted {
        name,
        scopes: &scopes,
        session: visitor.own_session(),
        made_by: TokenMaker::Account(visitor.known()?.id),
    };
    let (store, dice) = (&app.store, app.dice());
    let made = keep_new(store, wanted, &visitor.actor(), app.now(), dice).await?;
    let (_, secret) = made.ok_or_else(Refused::not_for_this_account)?;
    let mut shown = tokens(&app, &visitor).await?;
    shown.fresh = Some(secret.expose_secret().to_owned());
    page(&shown)
}

async fn tokens(app: &App, visitor: &Visitor) -> Result<TokensPage, Refused> {
    let f = Frame::of(app, visitor, Section::Settings, "tokens-title").await?;
    let rows = app.store.tokens().await?;
    Ok(TokensPage {
        tokens: rows.into_iter().map(|row| token(&f, row)).collect(),
        fresh: None,
        wanted: Wish::default(),
        wrong: None,
        longest: LONGEST_NAME,
        f,
    })
}

fn token(f: &Frame, row: TokenRow) -> Token {
    let scopes = row.scopes.iter().filter_map(|scope| scope.parse().ok());
    let scopes: Vec<_> = scopes.map(|scope: Scope| f.t(&scope_key(scope))).collect();
    Token {
        id: row.id,
        name: row.name,
        scopes: scopes.join(" · "),
        of: row.session.as_ref().map(|session| f.person(session)),
        made: row.created_at,
        used: row.used_at,
        revoked: row.revoked_at,
    }
}

/// The key of what a scope allows, in words.
fn scope_key(scope: Scope) -> String {
    format!("tokens-scope-{scope}")
}

#[derive(Template)]
#[template(path = "pages/revoke.html")]
struct RevokePage {
    f: Frame,
    id: TokenId,
    name: String,
}

pub(super) async fn ask(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Shown {
    let id = token_id(&id)?;
    let tokens = app.store.tokens().await?;
    let known = |token: &TokenRow| token.id == id && token.revoked_at.is_none();
    let token = tokens.into_iter().find(known).ok_or_else(no_such_token)?;
    page(&RevokePage {
        f: Frame::of(&app, &visitor, Section::Settings, "tokens-revoke-title").await?,
        id,
        name: token.name,
    })
}

pub(super) async fn revoke(
    State(app): State<Shared>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Shown {
    let id = token_id(&id)?;
    let store = &app.store;
    if store.revoke_token(id, &visitor.actor(), app.now()).await? {
        Ok(Redirect::to("/settings/tokens?said=revoked").into_response())
    } else {
        Err(no_such_token())
    }
}

fn token_id(text: &str) -> Result<TokenId, Refused> {
    text.parse().map_err(|_| no_such_token())
}

fn no_such_token() -> Refused {
    Problem::not_found("There is no token with this id that could be revoked.").into()
}

#[cfg(test)]
mod tests {
    use domain::config::Language;

    use super::*;
    use crate::pages::words::words;

    #[test]
    fn every_scope_has_its_words() {
        for language in [Language::Italian, Language::English] {
            for scope in [Scope::Read, Scope::Enqueue, Scope::Operate] {
                let key = scope_key(scope);
                assert!(words(language).find(&key).is_some(), "{language}: {key}");
            }
        }
    }
}
