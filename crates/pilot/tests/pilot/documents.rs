//! The row of a run in `docs/waha.md`, and the sentences that it makes untrue.

use std::path::Path;

use chrono::NaiveDate;
use domain::waha_image::RELEASE;
use pilot::{Server, with_row};

const DOCUMENT: &str = "docs/waha.md";

/// Sentences that hold only while no row says "a real account": of any server, or of the image that we name.
const ANY: &[(&str, &str)] = &[(DOCUMENT, "No row says \"a real account\" today.")];
const OURS: &[(&str, &str)] = &[
    (DOCUMENT, "Neither image was run with this revision."),
    (
        "docs/upgrading.md",
        "Neither image was run with this revision:",
    ),
    (".env.example", "Neither tag was run with this revision;"),
    ("docker-compose.yml", "It was not run with this revision"),
];

fn text(file: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read_to_string(root.join(file)).unwrap()
}

pub(crate) fn document() -> String {
    text(DOCUMENT)
}

fn with_run(release: &str, engine: &str) -> String {
    let server = Server {
        release: release.to_owned(),
        engine: engine.to_owned(),
    };
    let day = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
    with_row(&document(), &server, "Anna Rossi", day).unwrap()
}

/// The sentences that a text has, or has not, against what the table of `document` says.
fn contradictions(document: &str) -> Vec<&'static str> {
    let ours = format!("| {RELEASE} | GOWS |");
    let rows = document
        .lines()
        .filter(|line| line.contains("| a real account |"));
    let ran: Vec<_> = rows.collect();
    let (any, ours) = (
        !ran.is_empty(),
        ran.iter().any(|row| row.starts_with(&ours)),
    );
    let says = |file, sentence| {
        let text = if file == DOCUMENT {
            document.to_owned()
        } else {
            text(file)
        };
        let words = text.split(|c: char| c.is_whitespace() || c == '#');
        let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
        words.join(" ").contains(sentence)
    };
    let judged = [(ANY, any), (OURS, ours)];
    let sentences = judged
        .into_iter()
        .flat_map(|(sentences, ran)| sentences.iter().map(move |sentence| (sentence, ran)));
    sentences
        .filter(|((file, sentence), ran)| says(file, sentence) == *ran)
        .map(|((_, sentence), _)| *sentence)
        .collect()
}

/// When this fails after `make pilot BY=…`: change the sentences that it names, and keep the row.
#[test]
fn no_text_says_of_a_server_that_it_was_not_run_when_a_row_says_so() {
    assert_eq!(contradictions(&document()), [""; 0]);
}

#[test]
fn a_row_contradicts_the_sentences_of_its_server() {
    let named = |sentences: &[(&str, &'static str)]| sentences.iter().map(|(_, s)| *s).collect();
    let any: Vec<_> = named(ANY);
    assert_eq!(contradictions(&with_run("2026.4.1", "NOWEB")), any);
    assert_eq!(contradictions(&with_run(RELEASE, "NOWEB")), any);
    let all: Vec<_> = named(&[ANY, OURS].concat());
    assert_eq!(contradictions(&with_run(RELEASE, "GOWS")), all);
}

/// The document as it is, not one that a test made.
#[test]
fn a_run_changes_one_row_of_the_document() {
    let (before, after) = (document(), with_run(RELEASE, "GOWS"));
    let only_in = |one: &str, other: &str| {
        let lines = one
            .lines()
            .filter(|line| !other.lines().any(|it| it == *line));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        only_in(&after, &before),
        [format!(
            "| {RELEASE} | GOWS | a real account | Anna Rossi | 2026-12-01 |"
        )]
    );
    let gone = only_in(&before, &after);
    assert_eq!(gone.len(), 1, "{gone:?}");
    assert!(
        gone[0].starts_with(&format!("| {RELEASE} | GOWS | release notes only |")),
        "{gone:?}"
    );
    assert_eq!(after.lines().count(), before.lines().count());

    let recorded = with_run("2026.4.1", "NOWEB");
    assert_eq!(only_in(&before, &recorded), [""; 0], "the recordings stay");
    assert_eq!(recorded.lines().count(), before.lines().count() + 1);
}
