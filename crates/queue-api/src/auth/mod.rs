//! Who asks, and what they may do. A token is looked up by its hash; without a good one nothing is answered but 401.
//! What each operation needs stands in its handler's signature: `Caller<Read>`.

mod api_token;
mod scope;

use std::marker::PhantomData;
use std::ops::Deref;

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use chassis::Problem;
use chassis::service_auth::presented;
use domain::ids::TokenId;
use domain::session::SessionName;
use http::request::Parts;
use storage::{Actor, TokenRow};
use subtle::ConstantTimeEq;

pub(crate) use self::api_token::{hash, new_secret};
pub(crate) use self::scope::{Enqueue, Needs, Operate, Read, Scope};
use crate::app::Shared;
use crate::problem::{Answer, Failure};

/// The token behind a request.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub(crate) id: TokenId,
    /// The spouse whose token it is.
    pub(crate) session: Option<SessionName>,
    name: String,
    scopes: Vec<Scope>,
}

impl Identity {
    /// As the audit log names them.
    pub(crate) fn actor(&self) -> Actor {
        Actor::new(&self.name)
    }

    pub(crate) fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }

    /// 403 `missing_scope` unless the token has it.
    pub(crate) fn require(&self, scope: Scope) -> Result<(), Problem> {
        if self.may(scope) {
            return Ok(());
        }
        let detail = format!(
            "This token may not do that: it needs the scope `{scope}`. Use a token that has it, or make one."
        );
        Err(Problem::new(http::StatusCode::FORBIDDEN, "missing_scope")
            .detail(detail)
            .with("scope", scope.as_str()))
    }

    /// 403 `other_spouse` unless it is the token of the spouse whose session this is.
    pub(crate) fn require_own(&self, session: &SessionName) -> Result<(), Problem> {
        if self.session.as_ref() == Some(session) {
            return Ok(());
        }
        let detail = format!(
            "Who wrote to `{session}` without being on the list is shown to that spouse only: use a token that was \
             made for this session (`queue-api create-token --session {session} …`)."
        );
        Err(Problem::new(http::StatusCode::FORBIDDEN, "other_spouse").detail(detail))
    }
}

/// A caller who has the scope `S`.
pub(crate) struct Caller<S> {
    identity: Identity,
    scope: PhantomData<S>,
}

impl<S> Deref for Caller<S> {
    type Target = Identity;

    fn deref(&self) -> &Identity {
        &self.identity
    }
}

impl<S: Needs, T: Send + Sync> FromRequestParts<T> for Caller<S> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &T) -> Result<Self, Problem> {
        let identity = parts.extensions.get::<Identity>().cloned();
        // every route stands behind `authenticate`; if one did not, it would stay shut
        let identity = identity.ok_or_else(unauthorized)?;
        identity.require(S::SCOPE)?;
        Ok(Self {
            identity,
            scope: PhantomData,
        })
    }
}

/// Lets only those through who present a token of ours.
pub(crate) async fn authenticate(
    State(app): State<Shared>,
    mut request: Request,
    next: Next,
) -> Answer<Response> {
    let hash = presented(request.headers())
        .map(hash)
        .ok_or_else(unauthorized)?;
    let row = app.store.token_by_hash(&hash, app.now()).await?;
    let row = row
        .filter(|row| is_of(row, &hash))
        .ok_or_else(|| Failure::from(unauthorized()))?;
    let scopes = row.scopes.iter().filter_map(|scope| scope.parse().ok());
    request.extensions_mut().insert(Identity {
        id: row.id,
        session: row.session,
        scopes: scopes.collect(),
        name: row.name,
    });
    Ok(next.run(request).await)
}

/// Whether the token found is the one presented, in a time that tells nothing about it. An index compares as fast as it
/// can; what it leaks is of a hash that nobody can steer, and what it finds still has to pass here.
fn is_of(row: &TokenRow, hash: &str) -> bool {
    row.hash.as_bytes().ct_eq(hash.as_bytes()).into()
}

/// 401: there is no token, or none that is accepted.
pub(crate) fn unauthorized() -> Problem {
    Problem::unauthorized(
        "Present an API token: `Authorization: Bearer wq_…`. `queue-api create-token` makes one.",
    )
}

#[cfg(test)]
mod tests {
    use domain::ids::TokenId;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    #[test]
    fn what_an_index_found_is_the_token_only_when_all_of_its_hash_is() {
        let now = domain::Timestamp::UNIX_EPOCH;
        let row = TokenRow {
            id: TokenId::new(now, &mut StdRng::seed_from_u64(1)),
            name: "test".to_owned(),
            hash: hash("wq_right"),
            scopes: vec![],
            session: None,
            created_at: now,
            used_at: None,
            revoked_at: None,
        };

        assert!(is_of(&row, &hash("wq_right")));
        assert!(!is_of(&row, &hash("wq_wrong")));
        assert!(!is_of(&row, &row.hash[..63]));
        assert!(!is_of(&row, ""));
    }
}
