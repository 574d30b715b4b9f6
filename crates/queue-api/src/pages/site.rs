//! The address at which a browser sees the page. Pages answer at hosts that the configuration names, and no others: else a person who controls a
//! host name could have account links made for it, and read pages through it.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chassis::Problem;
use http::{HeaderMap, StatusCode, Uri, header};

use super::refusal::Refusal;
use super::visitor::Visitor;
use crate::app::{App, Shared};
use crate::client_address;

/// Refuses a request for an unknown host, before anything is done for it.
pub(super) async fn refuse_unknown_hosts(
    State(app): State<Shared>,
    request: Request,
    next: Next,
) -> Response {
    let host = host(request.headers(), request.uri());
    if host.is_some_and(|host| app.page_url().admits(host)) {
        return next.run(request).await;
    }
    let refusal = Refusal::from(Problem::new(
        StatusCode::MISDIRECTED_REQUEST,
        "unknown_host",
    ));
    match Visitor::of(&app, request.uri(), request.headers(), false).await {
        Ok(visitor) => refusal.page(&app, &visitor).await,
        Err(failure) => failure.into_response(),
    }
}

/// Whether the browser came over https: to the host of an https `PAGE_URL`, or as a trusted proxy says.
pub(super) fn is_https<B>(request: &Request<B>, app: &App) -> bool {
    let host = host(request.headers(), request.uri());
    let scheme = request.headers().get("x-forwarded-proto");
    host.is_some_and(|host| app.page_url().is_https_at(host))
        || client_address::came_by_proxy(request, app.trusted_proxies())
            && scheme.is_some_and(|scheme| scheme.as_bytes() == b"https")
}

/// The address of `path` for people: at `PAGE_URL`, else at the loopback host that the browser asked.
pub(super) fn link<B>(request: &Request<B>, app: &App, path: &str) -> String {
    app.page_url().link(path).unwrap_or_else(|| {
        let scheme = if is_https(request, app) {
            "https"
        } else {
            "http"
        };
        let host = host(request.headers(), request.uri());
        format!("{scheme}://{}{path}", host.unwrap_or("localhost"))
    })
}

fn host<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> Option<&'a str> {
    let header = headers.get(header::HOST);
    let header = header.and_then(|host| host.to_str().ok());
    header.or_else(|| uri.authority().map(http::uri::Authority::as_str))
}
