//! Tests of `telemetry.rs`, with its private items.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use super::*;

#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Vec<u8>>>);

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_json_line_names_the_service_and_keeps_its_fields() {
    let memory = Memory::default();
    let writer = memory.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(move || writer.clone())
        .fmt_fields(JsonFields::new())
        .event_format(Stamped {
            service: "queue-api",
            inner: Format::default().json(),
        })
        .finish();
    tracing::subscriber::with_default(subscriber, || tracing::info!(answer = 42, "hello"));

    let line: serde_json::Value =
        serde_json::from_slice(&memory.0.lock().unwrap()).expect("one JSON object");
    assert_eq!(line["service"], "queue-api");
    assert_eq!(line["fields"]["answer"], 42);
    assert!(
        line["timestamp"]
            .as_str()
            .is_some_and(|at| at.ends_with('Z'))
    );
    assert_eq!(line["fields"]["message"], "hello");
}

#[test]
fn a_panic_is_logged_without_what_it_quotes() {
    let memory = Memory::default();
    let writer = memory.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(move || writer.clone())
        .finish();
    let phone = "+39 333 1234567";
    std::panic::set_hook(Box::new(log_panic));
    tracing::subscriber::with_default(subscriber, || {
        let quoting = std::panic::catch_unwind(|| panic!("cannot read {phone}"));
        let literal = std::panic::catch_unwind(|| panic!("the table is empty"));
        assert!(quoting.is_err() && literal.is_err());
    });
    drop(std::panic::take_hook());

    let log = String::from_utf8(memory.0.lock().unwrap().clone()).unwrap();
    assert!(
        log.contains("(text withheld)") && log.contains("telemetry.rs"),
        "{log}"
    );
    assert!(log.contains("the table is empty"), "{log}");
    assert!(!log.contains(phone), "{log}");
}

#[test]
fn dependencies_log_nothing_below_info() {
    let memory = Memory::default();
    let writer = memory.clone();
    let lines = tracing_subscriber::fmt::layer().with_writer(move || writer.clone());
    let logger = tracing_subscriber::registry()
        .with(filter_fn(is_loggable))
        .with(EnvFilter::new("trace"))
        .with(lines);
    tracing::subscriber::with_default(logger, || {
        tracing::trace!(target: "hyper::proto", "theirs, fine");
        tracing::debug!(target: "storagefoo", "theirs, fine");
        tracing::info!(target: "hyper::proto", "theirs, coarse");
        tracing::trace!(target: "storage::db", "ours, fine");
    });
    let log = String::from_utf8(memory.0.lock().unwrap().clone()).unwrap();
    assert!(!log.contains("theirs, fine"), "{log}");
    assert!(
        log.contains("theirs, coarse") && log.contains("ours, fine"),
        "{log}"
    );
}

#[test]
fn formats_have_names() {
    assert_eq!("human".parse::<LogFormat>().unwrap(), LogFormat::Human);
    assert_eq!("json".parse::<LogFormat>().unwrap(), LogFormat::Json);
    assert_eq!("auto".parse::<LogFormat>().unwrap(), LogFormat::auto());
    assert!("xml".parse::<LogFormat>().is_err());
}
