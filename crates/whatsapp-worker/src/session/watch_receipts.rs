//! Watching whether WhatsApp confirms what the session sends. What is too long is `domain::receipts`' to say.
//!
//! People see the warning where they see the session (queue-api asks the same rule); here it becomes a metric, and one line in the
//! log when it begins and one when it ends.

use domain::{receipts::MissingReceipts, session::SessionName};

use super::SessionDesk;

/// How many sends of the session have waited too long for a receipt; 0: all is well, or nobody knows.
const SENDS_WITHOUT_RECEIPT: &str = "session_sends_without_receipt";

/// What was seen last. Whoever holds the session no more has nothing to say of it: then the metric is 0.
pub(super) struct ReceiptWatch<'a> {
    session: &'a SessionName,
    warned: bool,
}

impl<'a> ReceiptWatch<'a> {
    pub(super) fn begin(session: &'a SessionName) -> Self {
        measure(session, 0);
        Self {
            session,
            warned: false,
        }
    }

    /// Asks the rule about the present.
    pub(super) async fn look(&mut self, desk: &SessionDesk<'_>) {
        match missing(desk).await {
            Ok(missing) => self.tell(missing),
            Err(error) => {
                tracing::warn!(session = %self.session, error = &error as &dyn std::error::Error, "the receipts could not be looked at");
            }
        }
    }

    fn tell(&mut self, missing: Option<MissingReceipts>) {
        measure(self.session, missing.map_or(0, |missing| missing.sends));
        match missing {
            Some(MissingReceipts { since, sends }) if !self.warned => {
                tracing::warn!(session = %self.session, code = MissingReceipts::CODE, %since, sends, "{}", MissingReceipts::SENTENCE);
            }
            None if self.warned => {
                tracing::info!(session = %self.session, "WhatsApp confirms again what the session sends");
            }
            _ => {}
        }
        self.warned = missing.is_some();
    }
}

impl Drop for ReceiptWatch<'_> {
    fn drop(&mut self) {
        measure(self.session, 0);
    }
}

fn measure(session: &SessionName, sends: u32) {
    metrics::gauge!(SENDS_WITHOUT_RECEIPT, "session" => session.to_string()).set(sends);
}

async fn missing(desk: &SessionDesk<'_>) -> Result<Option<MissingReceipts>, storage::Error> {
    let rules = desk.context.rules().await?;
    let now = desk.context.clock.now();
    let facts = desk.context.store.receipt_facts(desk.session, now).await?;
    Ok(facts.and_then(|facts| facts.missing(rules.release.receipts, now)))
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use super::*;

    /// What was logged.
    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("nobody panicked").extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn missing(sends: u32) -> MissingReceipts {
        let since = "2026-11-23T11:00:00Z".parse().expect("a time");
        MissingReceipts { since, sends }
    }

    #[test]
    fn the_log_tells_once_that_it_begins_and_once_that_it_ends() {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        let session = SessionName::parse("groom").expect("a name");
        tracing::subscriber::with_default(subscriber, || {
            let mut watch = ReceiptWatch::begin(&session);
            for sends in [0, 1, 2, 0, 0, 1] {
                watch.tell((sends > 0).then(|| missing(sends)));
            }
        });
        let told = String::from_utf8(lines.0.lock().expect("nobody panicked").clone());
        let told = told.expect("text");
        let kinds: Vec<_> = told
            .lines()
            .map(|line| {
                (
                    line.contains("no_receipts"),
                    line.contains("confirms again"),
                )
            })
            .collect();
        assert_eq!(
            kinds,
            [(true, false), (false, true), (true, false)],
            "{told}"
        );
    }
}
