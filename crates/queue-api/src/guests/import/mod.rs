//! `POST /guests/import`: a file of guests onto the list, or a look at what it would do.
//!
//! Not here: how files are read (crate `guest-import`) and what lines mean (`storage`). The rule that must hold: every line
//! that holds something is answered for, and with a refused one nothing is imported unless the caller leaves it out.

mod file;
mod reading;
mod sides;
mod view;

use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use bytes::Bytes;
use chassis::Problem;
use chassis::problem::ProblemQuery;
use guest_import::MAX_BYTES;
use serde::Deserialize;
use storage::{Actor, Imported, LinePlan, RefusedLines};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::file::File;
use self::reading::Read;
pub(crate) use self::reading::Refusal;
use self::sides::Sides;
pub(crate) use self::view::{Action, Counts, ImportView, LineView};
use crate::app::{App, Shared};
use crate::auth::{Caller, Enqueue};
use crate::problem::Answer;

/// How many refused lines a problem shows: a dry run shows all.
const MOST_SHOWN: usize = 1_000;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(import))
        .layer(DefaultBodyLimit::max(MAX_BYTES))
}

/// How to import.
#[derive(Clone, Copy, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ImportOptions {
    /// Show what would be done, and do nothing.
    #[serde(default)]
    #[param(required = false, default = false)]
    pub(crate) dry_run: bool,
    /// Import the good lines although others are refused or have to be checked. Without it one such line keeps the whole file out.
    #[serde(default)]
    #[param(required = false, default = false)]
    pub(crate) skip_refused: bool,
    /// Import numbers that have to be checked, as they were read. Say so only after a person looked at them.
    #[serde(default)]
    #[param(required = false, default = false)]
    pub(crate) confirm_phones: bool,
}

/// Imports guests from a file, all of it or nothing.
///
/// A spreadsheet (`.xlsx`) or CSV with a header in Italian or English, or vCard, as the body itself: `curl --data-binary @guests.csv`.
/// Of a spreadsheet the first visible sheet counts whose header names guests.
/// A line means the guest of the same name with the same number; or, where the line or the guest has no number, the guest
/// of the same name in the same household. Whoever is not found is added. A blank cell takes nothing away. The same file
/// again changes nothing.
///
/// Of several numbers the first mobile one is used, else the first. `check`: the number is a fixed line, or has no prefix and is no
/// mobile number of the configured country. It is stored only after it was confirmed; a guest who has it already keeps it.
#[utoipa::path(
    post, path = "/guests/import", operation_id = "importGuests", tag = "guests", security(("token" = ["enqueue"])), params(ImportOptions),
    request_body(
        description = "The file as it is, up to 10 MiB and 50,000 lines. Other content types are taken too.",
        content(
            (String = "text/csv", example = json!("name,phone\nAnna,+39 347 000 0001\n")),
            (serde_json::Value = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", example = json!("the bytes of the file")),
            (String = "text/vcard", example = json!("BEGIN:VCARD\nVERSION:3.0\nFN:Anna\nTEL:+39 347 000 0001\nEND:VCARD\n")),
        )
    ),
    responses(
        (status = OK, description = "It is done, or what would be done: every line, by its number in the file.", body = ImportView),
        (status = PAYLOAD_TOO_LARGE, description = "`file_too_large`: it has more than 10 MiB. `file_spreadsheet_too_large`: unpacked, its sheets have more than 32 MiB, or the rest more than 12."),
        (status = UNSUPPORTED_MEDIA_TYPE, description = "`file_not_text`: it is neither text nor a spreadsheet. `file_other_spreadsheet`: it is `.xls`, `.ods` or another package. `unsupported_media_type`: the file is not the body itself."),
        (status = UNPROCESSABLE_ENTITY, description = "`lines_refused`: nothing was imported; `counts` says how many lines would do what, `lines` holds those that are refused or have to be checked, a thousand at most, `lines_left_out` how many more there are. `phones_unconfirmed`: no line is refused, but numbers have to be confirmed; the fields are the same. `file_protected_spreadsheet`: it has a password. `file_damaged_spreadsheet`: it cannot be read to its end. `file_empty`: it has no lines. `file_no_name_column`: its header names no column of names. `file_open_quote_in_header`: a quote in its header is not closed. `file_too_many_lines`: it has more than 50,000."),
    ),
)]
async fn import(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemQuery(options): ProblemQuery<ImportOptions>,
    File(file): File,
) -> Answer<Json<ImportView>> {
    if options.dry_run {
        return Ok(Json(look_at_file(&app, file, options).await?));
    }
    let (view, done) = import_file(&app, &caller.actor(), file, options).await?;
    if done {
        Ok(Json(view))
    } else {
        Err(not_imported(view).into())
    }
}

/// What a file would do, line by line.
pub(crate) async fn look_at_file(
    app: &App,
    file: Bytes,
    options: ImportOptions,
) -> Answer<ImportView> {
    let read = read(app, file, options).await?;
    let plans = app.store.plan_import(&read.good).await?;
    Ok(shown(app, true, read, plans).await?)
}

/// Imports a file, and what it did; not done, when lines are refused that are not to be left out.
pub(crate) async fn import_file(
    app: &App,
    actor: &Actor,
    file: Bytes,
    options: ImportOptions,
) -> Answer<(ImportView, bool)> {
    let read = read(app, file, options).await?;
    let store = &app.store;
    let imported = match refused_lines(&read, options.skip_refused) {
        Some(refused) => {
            let (lines, now) = (&read.good, app.now());
            store.import_guests(lines, refused, actor, now).await?
        }
        None => Imported {
            plans: store.plan_import(&read.good).await?,
            done: false,
        },
    };
    if imported.done {
        // some of them may have written before
        app.nudge.about(app.sessions());
    }
    let view = shown(app, false, read, imported.plans).await?;
    Ok((view, imported.done))
}

async fn read(app: &App, file: Bytes, options: ImportOptions) -> Answer<Read> {
    let (config, _) = app.store.config().await?;
    let sides = Sides::new(app.sessions(), &config);
    let read = reading::read(file, config.country, sides, options.confirm_phones);
    Ok(read.await?)
}

/// What to do about refused lines; none: import nothing.
fn refused_lines(read: &Read, skip_refused: bool) -> Option<RefusedLines> {
    match read.refused.len() {
        refused if skip_refused => Some(RefusedLines::LeftOut(refused)),
        0 => Some(RefusedLines::None),
        _ => None,
    }
}

/// On a thread of its own: tens of thousands of numbers are written out.
async fn shown(
    app: &App,
    dry_run: bool,
    read: Read,
    plans: Vec<LinePlan>,
) -> Result<ImportView, Problem> {
    let sessions = app.session_list();
    let writing =
        tokio::task::spawn_blocking(move || ImportView::of(dry_run, read, plans, &sessions));
    // it panics on no line; if it did, that is ours to mend
    writing.await.map_err(|_| Problem::internal())
}

/// 422 `lines_refused` or `phones_unconfirmed`: the lines that kept the file out, as far as an answer that is an error should hold them.
fn not_imported(view: ImportView) -> Problem {
    let (counts, all) = (view.counts, view.lines.len());
    let code = match counts.refused {
        0 => "phones_unconfirmed",
        _ => "lines_refused",
    };
    let kept_out = |line: &LineView| matches!(line.action, Action::Refused | Action::Check);
    let lines: Vec<_> = view.lines.into_iter().filter(kept_out).collect();
    let first = lines.first().map_or_else(String::new, |line| {
        let why = line.detail.as_deref().unwrap_or_default();
        format!(" The first is line {}: {why}.", line.line)
    });
    let confirm = match counts.check {
        0 => "",
        _ => " `confirm_phones=true` imports numbers that have to be checked as they were read.",
    };
    let detail = format!(
        "Nothing was imported, because of {} of {all} lines.{first} Correct them, or leave them out with `skip_refused=true`; \
         `dry_run=true` shows every line.{confirm}",
        lines.len()
    );
    let shown = &lines[..lines.len().min(MOST_SHOWN)];
    Problem::unprocessable(code, detail)
        .with("counts", json(&counts))
        .with("lines", json(&shown))
        .with("lines_left_out", lines.len() - shown.len())
}

/// Views are made of maps and texts, which always serialize.
fn json(view: &impl serde::Serialize) -> serde_json::Value {
    serde_json::to_value(view).unwrap_or_default()
}
