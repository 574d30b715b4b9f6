//! What operations answer besides what their handlers say, and the problem documents of every refusal.
//!
//! The rule that must hold: a description names each code that its status may have, as a word in backticks before a colon. Each
//! code becomes an example.

use crate::schemas;
use chassis::Problem;
use chassis::problem::PROBLEM_JSON;
use http::StatusCode;
use utoipa::PartialSchema;
use utoipa::openapi::example::ExampleBuilder;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{Content, ContentBuilder, Ref, RefOr, Response, ResponseBuilder};

/// When, status, codes and sentences. When: always, a part of the path, a header or parameter, or a kind of request.
const REFUSALS: &str = "\
always 401 `unauthorized`: there is no token with the request, or none of this system.
always 403 `missing_scope`: the token may not do that; `scope` is the one that it needs.
always 500 `internal_error`: it is a fault of the server, and its log says more.
always 503 `database_unavailable`: the change may or may not have been stored. `database_busy`: nothing was changed.
always 503 `disk_full`: nothing was changed. Try again after `Retry-After`.
{id} 400 `invalid_path`: an id in the address is not a UUID.
/broadcasts/{ 404 `not_found`: there is no such broadcast.
/contacts/{ 404 `not_found`: there is no such contact.
/guests/{ 404 `not_found`: there is no such guest.
/households/{ 404 `not_found`: there is no such household.
/messages/{ 404 `not_found`: there is no such message.
/sessions/{ 404 `unknown_session`: there is no such session.
/tokens/{ 404 `not_found`: there is no such token, or it was revoked before.
/unknown-writers/{ 404 `not_found`: there is no such writer on this session, or not any more.
waha 502 `integration_failed`: the service that talks to WhatsApp gave an answer that cannot be used.
waha 502 `key_refused`: WAHA refuses the key. `waha_rejected`: WAHA rejects the request. `waha_unreadable`: its answer makes no sense.
waha 503 `integration_away`: it may or may not have been done. `waha_away`: it may or may not have been done, and shows when the session is connected again.
waha 503 `waha_timed_out`: it may or may not have been done. `session_away`: the session cannot do that now. `session_missing`: WAHA has no such session.
query 400 `invalid_query`: a parameter is unknown or has a value that it cannot have.
cursor 400 `invalid_cursor`: it is not the `next` of a page.
If-Match 400 `invalid_if_match`: it is not the `ETag` of an earlier answer.
Idempotency-Key 400 `invalid_idempotency_key`: it is not 1 to 255 visible ASCII characters.
Idempotency-Key 422 `idempotency_key_reused`: an earlier request had this key and another body.
body 400 `incomplete_body`: it ended too early.
body 408 `body_too_slow`: it did not arrive in time.
body 503 `too_many_bodies`: other large bodies are being read at this moment.
application/json 400 `invalid_json`: the body is not JSON.
application/json 413 `body_too_large`: the body is larger than this address takes.
application/json 415 `unsupported_media_type`: the body is not sent as `application/json`.
application/json 422 `invalid_body`: a field is missing, unknown or of another type; `errors` says which.";

/// Ends of the addresses behind which a WAHA is asked.
const WAHA: [&str; 7] = [
    "/link",
    "/start",
    "/restart",
    "/logout",
    "/qr",
    "/qr.png",
    "/pairing-code",
];

/// Completes the answers of an operation at `path`.
pub(super) fn complete(path: &str, operation: &mut Operation) {
    for line in REFUSALS.lines() {
        let mut parts = line.splitn(3, ' ');
        if let (Some(when), Some(status), Some(text)) = (parts.next(), parts.next(), parts.next())
            && applies(when, path, operation)
        {
            add(operation, status, text);
        }
    }
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(parameter) = parameter {
            describe(parameter);
        }
    }
    for (status, answer) in &mut operation.responses.responses {
        if let (Ok(status), RefOr::T(answer)) = (status.parse(), answer)
            && status >= StatusCode::BAD_REQUEST
        {
            *answer = problem(status, &answer.description);
        }
    }
}

/// The refusals of the guests' listener are pages.
pub(super) fn complete_page(operation: &mut Operation) {
    const OF_PAGE: &str = "\
404 No invitation that is in force has this token.
429 Too many requests of this address. Try again after `Retry-After`.
500 A fault of the server, and its log says more.
503 The number to write to is not known yet, or the database does not answer.";
    for (status, text) in OF_PAGE.lines().filter_map(|line| line.split_once(' ')) {
        let content = ContentBuilder::new()
            .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
            .example(Some(format!("<!doctype html><p>{text}</p>").into()));
        let page = ResponseBuilder::new()
            .description(text)
            .content("text/html; charset=utf-8", content.build());
        let listed = &mut operation.responses.responses;
        listed.insert(status.to_owned(), page.build().into());
    }
}

/// Each has one meaning at every address.
fn describe(parameter: &mut Parameter) {
    parameter.schema = Some(match parameter.name.as_str() {
        "If-Match" => schemas::EntityTag::schema(),
        "Idempotency-Key" => schemas::RequestKey::schema(),
        "cursor" => schemas::PageCursor::schema(),
        "name" | "session" => schemas::SessionName::schema(),
        "search" | "text" => schemas::SearchText::schema(),
        _ => return,
    });
}

fn applies(when: &str, path: &str, operation: &Operation) -> bool {
    let has = |wanted: &dyn Fn(&Parameter) -> bool| {
        let mut parameters = operation.parameters.iter().flatten();
        parameters.any(|parameter| matches!(parameter, RefOr::T(known) if wanted(known)))
    };
    match (when, &operation.request_body) {
        ("always", _) => true,
        ("waha", _) => path.contains("/sessions/") && WAHA.iter().any(|end| path.ends_with(end)),
        ("query", _) => has(&|parameter| parameter.parameter_in == ParameterIn::Query),
        ("body", body) => body.is_some(),
        ("application/json", Some(RefOr::T(body))) => body.content.contains_key(when),
        _ => path.contains(when) || has(&|parameter| parameter.name == when),
    }
}

/// Adds a refusal to what the handler says of this status.
fn add(operation: &mut Operation, status: &str, text: &str) {
    let listed = operation.responses.responses.entry(status.to_owned());
    let listed = listed.or_insert_with(|| RefOr::T(Response::new("")));
    if let RefOr::T(answer) = listed {
        let said = &mut answer.description;
        let gap = if said.is_empty() { "" } else { " " };
        said.extend([gap, text]);
    }
}

fn problem(status: StatusCode, text: &str) -> Response {
    let examples = codes(text).into_iter().map(|(code, sentence)| {
        let problem = Problem::new(status, code.clone()).detail(sentence);
        let value = serde_json::to_value(problem).ok();
        (code, ExampleBuilder::new().value(value).build())
    });
    let content: Content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .examples_from_iter(examples)
        .build();
    ResponseBuilder::new()
        .description(text)
        .content(PROBLEM_JSON, content)
        .build()
}

/// Each code of a description, with its sentence.
fn codes(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut pieces = text.split('`').skip(1);
    while let (Some(word), Some(after)) = (pieces.next(), pieces.next()) {
        match (after.strip_prefix(": "), found.last_mut()) {
            (Some(sentence), _) => {
                let (first, rest) = sentence.split_at(1);
                found.push((word.to_owned(), first.to_uppercase() + rest));
            }
            (None, Some((_, sentence))) => sentence.extend(["`", word, "`", after]),
            (None, None) => {}
        }
    }
    for (_, sentence) in &mut found {
        sentence.truncate(sentence.trim_end().len());
    }
    found
}
