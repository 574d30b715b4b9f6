//! The body of an import: the file as it is, whatever its `Content-Type` says, as long as that can be a file of guests.

use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use chassis::Problem;
use guest_import::Unreadable;
use http::{HeaderMap, StatusCode, header};

/// A file that somebody sent.
pub(super) struct File(pub(super) Bytes);

impl<S: Send + Sync> FromRequest<S> for File {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if wraps_the_file(request.headers()) {
            return Err(wrapped());
        }
        let body = Bytes::from_request(request, state).await;
        body.map(Self).map_err(|e| unread(&e))
    }
}

/// Programs that send files say of a CSV file that it is text, an Excel sheet, a form (curl), or nothing at all: so its
/// content decides. These two cannot be the file itself.
fn wraps_the_file(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.trim().to_ascii_lowercase();
    kind.starts_with("multipart/") || kind.starts_with("application/json")
}

fn wrapped() -> Problem {
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type").detail(
        "Send the file itself as the body, as text/csv or text/vcard: `curl --data-binary @guests.csv`.",
    )
}

fn unread(rejection: &BytesRejection) -> Problem {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return unreadable(Unreadable::TooLarge, b"\n");
    }
    Problem::unread_body(rejection)
}

/// Why nothing of a file can be read.
pub(super) fn unreadable(why: Unreadable, file: &[u8]) -> Problem {
    let status = match why {
        Unreadable::TooLarge | Unreadable::SpreadsheetTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Unreadable::NotText | Unreadable::OtherSpreadsheet => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Unreadable::ProtectedSpreadsheet
        | Unreadable::DamagedSpreadsheet
        | Unreadable::TooManyLines
        | Unreadable::Empty
        | Unreadable::NoNameColumn
        | Unreadable::OpenQuoteInHeader => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let one_line = !file.is_empty() && !file.iter().any(|byte| matches!(byte, b'\r' | b'\n'));
    let hint = if one_line {
        " It has no line breaks: with curl use `--data-binary`, because `--data` takes them out."
    } else {
        ""
    };
    let detail = format!("Nothing was imported: {why}.{hint}");
    Problem::new(status, format!("file_{}", why.code())).detail(detail)
}
