//! What stands before every page: who comes, whether they may, and whether a form is their own. Whatever goes wrong
//! behind it is shown here as a page in the visitor's language.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use chassis::Problem;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use subtle::ConstantTimeEq;
use url::form_urlencoded;

use super::access::Access;
use super::confirm;
use super::cookie;
use super::refusal::{Refusal, Refused};
use super::site;
use super::visitor::Visitor;
use crate::app::Shared;

/// The largest form: a file of guests.
const LARGEST: usize = 16 * 1024 * 1024;
/// The largest form of a browser that is not signed in: a name and a password.
const LARGEST_OF_STRANGERS: usize = 16 * 1024;

/// In which part of a form with files the token is looked for.
const BEGINNING: usize = 16 * 1024;

pub(super) async fn guard(
    State((app, access, confirmed)): State<(Shared, Access, bool)>,
    request: Request,
    next: Next,
) -> Response {
    let secure = site::is_https(&request, &app);
    let visitor = match Visitor::of(&app, request.uri(), request.headers(), secure).await {
        Ok(visitor) => visitor,
        Err(failure) => return Refused::from(failure).bare().into_response(),
    };
    let is_form = request.method() == Method::POST;
    let response = match admitted(&app, (access, confirmed), &visitor, request).await {
        Ok(mut request) => {
            request.extensions_mut().insert(visitor.clone());
            next.run(request).await
        }
        Err(stopped) => *stopped,
    };
    let mut response = dressed(&app, &visitor, is_form, response).await;
    if visitor.is_new() && !response.headers().contains_key(header::SET_COOKIE) {
        cookie::set(&mut response, visitor.secret());
    }
    if secure {
        cookie::secure(&mut response);
    }
    response
}

/// The request, when it may go on.
async fn admitted(
    app: &Shared,
    (access, confirmed): (Access, bool),
    visitor: &Visitor,
    request: Request,
) -> Result<Request, Box<Response>> {
    if !access.admits(visitor.account()) {
        return Err(Box::new(turned_away(visitor, &request)));
    }
    if has_nul(request.uri().query().unwrap_or_default().as_bytes()) {
        return Err(boxed(
            Problem::new(StatusCode::NOT_FOUND, "not_found").into(),
        ));
    }
    if request.method() != Method::POST {
        return Ok(request);
    }
    if !is_of_this_site(request.headers()) {
        return Err(boxed(foreign_form()));
    }
    let largest = match visitor.account() {
        Some(_) => LARGEST,
        None => LARGEST_OF_STRANGERS,
    };
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, largest)
        .await
        .map_err(|error| boxed(Refused::from(Problem::unread_body(&error))))?;
    let presented = form_token(&parts.headers, &body).await;
    let own = visitor.form_token();
    let same = presented.is_some_and(|token| token.as_bytes().ct_eq(own.as_bytes()).into());
    if !same || visitor.is_new() {
        return Err(boxed(foreign_form()));
    }
    if !is_multipart(&parts.headers) && has_nul(&body) {
        let problem = Problem::new(StatusCode::BAD_REQUEST, "unreadable_form");
        return Err(boxed(problem.into()));
    }
    if confirmed {
        let given = confirm::ensure(app, visitor, &parts.uri, &body).await;
        given.map_err(Box::new)?;
    }
    Ok(Request::from_parts(parts, Body::from(body)))
}

/// Whether a form was sent from a page of ours, as far as the browser says: old ones say nothing, and their forms have the token alone.
fn is_of_this_site(headers: &HeaderMap) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let origin = origin
        .to_str()
        .ok()
        .and_then(|text| text.parse::<Uri>().ok());
    let origin = origin.as_ref().and_then(Uri::authority);
    origin.is_some_and(|origin| text(header::HOST) == Some(origin.as_str()))
}

/// Whether an encoded query or form has a NUL: no browser sends one, and PostgreSQL takes none.
fn has_nul(encoded: &[u8]) -> bool {
    encoded.contains(&0) || encoded.windows(3).any(|part| part == b"%00")
}

fn is_multipart(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"))
}

fn boxed(refused: Refused) -> Box<Response> {
    Box::new(refused.into_response())
}

/// Whoever is not signed in may do that first; whoever may not see it learns so.
fn turned_away(visitor: &Visitor, request: &Request) -> Response {
    if visitor.account().is_some() {
        return Refused::not_for_this_account().into_response();
    }
    if request.method() == Method::GET && request.uri().path() != "/live" {
        let wanted = request.uri().path_and_query().map_or("/", |p| p.as_str());
        let query: String = form_urlencoded::Serializer::new(String::new())
            .append_pair("next", wanted)
            .finish();
        return Redirect::to(&format!("/sign-in?{query}")).into_response();
    }
    let problem = Problem::new(StatusCode::UNAUTHORIZED, "signed_out");
    Refused::from(problem).into_response()
}

fn foreign_form() -> Refused {
    Problem::new(StatusCode::FORBIDDEN, "foreign_form").into()
}

/// The form's token.
async fn form_token(headers: &HeaderMap, body: &Bytes) -> Option<String> {
    if is_multipart(headers) {
        // the token comes first: a large file behind it is not read for it
        let beginning = body.slice(..body.len().min(BEGINNING));
        let mut copy = Request::new(Body::from(beginning));
        if let Some(kind) = headers.get(header::CONTENT_TYPE) {
            copy.headers_mut()
                .insert(header::CONTENT_TYPE, kind.clone());
        }
        return first_field(copy).await;
    }
    form_urlencoded::parse(body)
        .find(|(name, _)| name == "csrf")
        .map(|(_, value)| value.into_owned())
}

/// The field `csrf`, when it is the first of a form with files.
async fn first_field(copy: Request) -> Option<String> {
    let mut form = Multipart::from_request(copy, &()).await.ok()?;
    let field = form.next_field().await.ok()??;
    if field.name() != Some("csrf") {
        return None;
    }
    field.text().await.ok()
}

/// What was refused behind the guard, as a page.
async fn dressed(
    app: &Shared,
    visitor: &Visitor,
    is_form: bool,
    mut response: Response,
) -> Response {
    let refusal = response.extensions_mut().remove::<Refusal>();
    match refusal.or_else(|| unreadable(is_form, &response)) {
        Some(refusal) => refusal.page(app, visitor).await,
        None => response,
    }
}

/// What axum says in plain text before any handler runs: an address or a form that cannot be read.
fn unreadable(is_form: bool, response: &Response) -> Option<Refusal> {
    let kind = response.headers().get(header::CONTENT_TYPE)?.as_bytes();
    if !response.status().is_client_error() || !kind.starts_with(b"text/plain") {
        return None;
    }
    Some(Refusal::from(if is_form {
        Problem::new(response.status(), "unreadable_form")
    } else {
        Problem::new(StatusCode::NOT_FOUND, "not_found")
    }))
}
