//! What needs a person, each with the one button that settles it.

use chrono::TimeDelta;
use fluent_bundle::FluentValue;
use storage::{RESTORED_BACKUP, needs_a_look};

use super::{Action, places};
use crate::app::App;
use crate::contacts::{unconfirmed, undelivered, unreadable};
use crate::guests::going_cold;
use crate::households::unassigned_phones;
use crate::pages::frame::Frame;
use crate::pages::refusal::Refused;
use crate::pages::visitor::Visitor;
use crate::sessions::Standing;

/// A failure that nobody cared about for so long is history, and stands in the queue only.
const FAILURES_OF: TimeDelta = TimeDelta::days(7);
/// Of more unknown writers than this it is only said that there are more.
const WRITERS: u32 = 99;

/// Something that needs a person.
pub(super) struct Need {
    /// What it is.
    pub(super) text: String,
    /// What settles it.
    pub(super) action: Action,
}

/// All of it, as that visitor may see it.
pub(super) async fn needs(
    app: &App,
    visitor: &Visitor,
    f: &Frame,
    sessions: &[Standing],
) -> Result<Vec<Need>, Refused> {
    let mut needs = Vec::new();
    if let Err(storage::Error::Full(_)) = app.store.ping().await {
        needs.push(Need {
            text: f.t("home-needs-room"),
            action: Action::page(f, "/", "home-check-again"),
        });
    }
    for session in sessions {
        needs.extend(of_session(f, session));
        if f.reads_texts() {
            needs.extend(of_messages(app, f, session).await?);
        }
    }
    if f.reads_texts() {
        let suspended = app.store.suspended_contacts().await?;
        needs.extend(counted(f, "home-needs-suspended", suspended, &[], || {
            Action::page(f, places::SUSPENDED, "home-look")
        }));
    }
    if f.reads_texts() {
        let unread = u32::try_from(unreadable(app).await?.len()).unwrap_or(u32::MAX);
        needs.extend(counted(f, "home-needs-unreadable", unread, &[], || {
            Action::page(f, places::UNREADABLE, "home-look")
        }));
        let silent = u32::try_from(undelivered(app, None).await?.len()).unwrap_or(u32::MAX);
        needs.extend(counted(f, "home-needs-undelivered", silent, &[], || {
            Action::page(f, places::UNDELIVERED, "home-look")
        }));
        let unconfirmed = u32::try_from(unconfirmed(app).await?.len()).unwrap_or(u32::MAX);
        needs.extend(counted(
            f,
            "home-needs-unconfirmed",
            unconfirmed,
            &[],
            || Action::page(f, places::UNCONFIRMED, "home-look"),
        ));
        let phones = u32::try_from(unassigned_phones(app).await?.len()).unwrap_or(u32::MAX);
        needs.extend(counted(f, "home-needs-phones", phones, &[], || {
            Action::page(f, places::PHONES, "home-look")
        }));
        let cold = going_cold(app).await?.len();
        let cold = u32::try_from(cold).unwrap_or(u32::MAX);
        needs.extend(counted(f, "home-needs-going-cold", cold, &[], || {
            Action::page(f, places::GOING_COLD, "home-look")
        }));
    }
    needs.extend(of_writers(app, visitor, f).await?);
    Ok(needs)
}

/// Locks, pauses that need a look, missing receipts and chats that cannot be read.
fn of_session(f: &Frame, session: &Standing) -> Vec<Need> {
    let name = session.name();
    let person = f.person(name);
    let text = |key: &str| f.with(key, &[("person", person.as_str().into())]);
    let mut needs = Vec::new();
    if session.row.lock.is_some() {
        needs.push(Need {
            text: text("home-needs-unlock"),
            action: Action::page(f, format!("/sessions/{name}/unlock"), "home-unlock"),
        });
    }
    let paused_by = session.row.paused_by.as_deref();
    if let Some(by) = paused_by.filter(|by| needs_a_look(by)) {
        needs.push(Need {
            text: text(if by == RESTORED_BACKUP {
                "home-needs-restored"
            } else {
                "home-needs-old-backlog"
            }),
            action: if f.reads_texts() {
                Action::page(f, places::waiting(name), "home-look")
            } else {
                Action::form(f, format!("/sessions/{name}/resume"), "home-resume-one")
            },
        });
    }
    if session.missing_receipts.is_some() {
        needs.push(Need {
            text: text("home-needs-receipts"),
            action: Action::form(f, format!("/pairing/{name}/restart"), "home-restart"),
        });
    }
    if session.unread_chats.is_some() {
        needs.push(Need {
            text: text("home-needs-unread"),
            action: Action::form(f, format!("/pairing/{name}/restart"), "home-restart"),
        });
    }
    needs
}

async fn of_messages(app: &App, f: &Frame, session: &Standing) -> Result<Vec<Need>, Refused> {
    let name = session.name();
    let since = f.now() - FAILURES_OF;
    let found = app.store.attention(name, since).await?;
    let person = f.person(name);
    let rows = [
        (
            "home-needs-uncertain",
            found.uncertain,
            places::uncertain(name),
        ),
        ("home-needs-failed", found.failed, places::failed(name)),
        ("home-needs-aside", found.aside, places::aside(name)),
    ];
    let needs = rows.into_iter().filter_map(|(key, count, place)| {
        let of = [("person", person.as_str().into())];
        counted(f, key, count, &of, || Action::page(f, place, "home-look"))
    });
    Ok(needs.collect())
}

/// A spouse's own only (design §1, promise 6).
async fn of_writers(app: &App, visitor: &Visitor, f: &Frame) -> Result<Option<Need>, Refused> {
    let Some(own) = visitor.own_session() else {
        return Ok(None);
    };
    let page = app
        .store
        .unknown_writers(own, None, WRITERS, f.now())
        .await?;
    let key = match page.next {
        None => "home-needs-writers",
        Some(_) => "home-needs-many-writers",
    };
    let count = u32::try_from(page.items.len()).unwrap_or(WRITERS);
    Ok(counted(f, key, count, &[], || {
        Action::page(f, places::UNKNOWN_WRITERS, "home-look")
    }))
}

/// The need, unless there is none of it.
fn counted(
    f: &Frame,
    key: &str,
    count: u32,
    args: &[(&'static str, FluentValue<'_>)],
    action: impl FnOnce() -> Action,
) -> Option<Need> {
    if count == 0 {
        return None;
    }
    let mut all = vec![("n", FluentValue::from(count))];
    all.extend_from_slice(args);
    Some(Need {
        text: f.with(key, &all),
        action: action(),
    })
}

#[cfg(test)]
mod tests {
    use domain::config::Language;

    use crate::pages::words::words;

    #[test]
    fn everything_that_is_counted_has_its_words() {
        for language in [Language::Italian, Language::English] {
            for need in [
                "uncertain",
                "failed",
                "aside",
                "suspended",
                "writers",
                "many-writers",
                "going-cold",
                "unreadable",
                "undelivered",
                "unconfirmed",
                "phones",
            ] {
                for n in [1_u32, 2] {
                    let key = format!("home-needs-{need}");
                    let args = [("n", n.into()), ("person", "Anna".into())];
                    let text = words(language).with(&key, &args);
                    assert!(!text.contains('⟦'), "{language}: {text}");
                }
            }
        }
    }
}
