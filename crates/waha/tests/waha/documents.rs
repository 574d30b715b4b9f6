//! `docs/waha.md` says what the code says, and other texts claim no more.

use std::path::{Path, PathBuf};

use domain::waha_capabilities::{AVAILABLE, Capability, KNOWN_BAD, OLDEST};
use domain::waha_server::Engine;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn document() -> String {
    std::fs::read_to_string(root().join("docs/waha.md")).unwrap()
}

/// The cells of each row of the table in that section, without its head.
fn table(section: &str) -> Vec<Vec<String>> {
    let document = document();
    let (_, after) = document
        .split_once(&format!("\n### {section} "))
        .expect("the section");
    let rows = after
        .lines()
        .skip(1)
        .take_while(|line| !line.starts_with('#'));
    let cells = |line: &str| {
        let cells = line.trim_matches('|').split(" | ");
        cells.map(|cell| cell.trim().to_owned()).collect()
    };
    rows.filter(|line| line.starts_with('|'))
        .skip(2)
        .map(cells)
        .collect()
}

const fn words(capability: Capability) -> &'static str {
    match capability {
        Capability::ChosenMessageIds => "message ids chosen before the send (`new-message-id`)",
        Capability::Passkey => "linking with a passkey",
        Capability::TimelockRoute => "`GET …/timelock`",
        Capability::Capping => "`GET …/capping` and `me.messageCapping`",
    }
}

#[test]
fn the_table_of_capabilities_is_the_codes() {
    let engines = |engines: &[Engine]| {
        engines
            .iter()
            .map(Engine::name)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let code = AVAILABLE.map(|row| {
        let what = words(row.capability).to_owned();
        vec![what, row.since.to_string(), engines(row.engines)]
    });
    assert_eq!(table("0.2"), code);
}

#[test]
fn the_table_of_defects_is_the_codes() {
    let code = KNOWN_BAD.map(|bad| {
        let releases = [bad.since.to_string(), bad.repaired.to_string()];
        [vec![bad.engine.name().to_owned()], releases.to_vec()].concat()
    });
    let document: Vec<_> = table("0.3")
        .into_iter()
        .map(|row| row[..3].to_vec())
        .collect();
    assert_eq!(document, code);
    let oldest = format!("The oldest supported release is **{OLDEST}**.");
    assert!(self::document().contains(&oldest), "{oldest}");
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path
            .extension()
            .is_some_and(|kind| kind == "rs" || kind == "ftl")
        {
            found.push(path);
        }
    }
}

/// The sources and texts of every crate.
fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root().join("crates")).unwrap() {
        let folder = entry.unwrap().path();
        for part in ["src", "tests", "locales"].map(|part| folder.join(part)) {
            if part.is_dir() {
                files(&part, &mut found);
            }
        }
    }
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        (path, text)
    };
    found.into_iter().map(read).collect()
}

/// Comments cite a section as "WAHA §4.7" or "design §6".
#[rstest::rstest]
#[case::waha("WAHA §", "docs/waha.md", 50)]
#[case::design("design §", "docs/design.md", 100)]
fn every_cited_section_exists(#[case] mark: &str, #[case] document: &str, #[case] at_least: usize) {
    let text = std::fs::read_to_string(root().join(document)).unwrap();
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let sections: Vec<_> = headings
        .filter_map(|line| line.split_whitespace().nth(1))
        .map(|number| number.trim_end_matches('.'))
        .collect();
    let mut cited = 0;
    for (path, text) in sources() {
        for citation in text.split(mark).skip(1) {
            let end = citation.find(|c: char| !c.is_ascii_digit() && c != '.');
            let number = citation[..end.unwrap_or(citation.len())].trim_end_matches('.');
            // this file writes the marks without a number
            if !number.is_empty() {
                cited += 1;
                let path = path.display();
                assert!(
                    sections.contains(&number),
                    "{path}: {mark}{number} is not in {document}"
                );
            }
        }
    }
    assert!(cited >= at_least, "{cited} citations of {document}");
}

/// A row that no code asks for would be a promise without effect.
#[test]
fn every_capability_is_asked_for() {
    let sources = sources();
    let asks = |name: &str| {
        sources.iter().any(|(path, text)| {
            let is_table = path.ends_with("waha_capabilities.rs");
            !is_table && path.iter().any(|part| part == "src") && text.contains(name)
        })
    };
    for row in AVAILABLE {
        let name = format!("Capability::{:?}", row.capability);
        assert!(asks(&name), "{name}");
    }
}

/// The lines that call a release of WAHA verified without naming a release and its engine that somebody ran.
fn unfounded<'a>(text: &'a str, rows: &[Vec<String>]) -> Vec<&'a str> {
    let is_founded = |line: &str| {
        let ran = rows.iter().filter(|row| row[2] != "release notes only");
        ran.into_iter()
            .any(|row| line.contains(&row[0]) && line.contains(&row[1].to_lowercase()))
    };
    let claims = |line: &&str| {
        let about_waha = line.contains("WAHA") || line.contains("2026.");
        let line = line.to_lowercase();
        let claim = ["verified", "verificat", "tested", "provat"]
            .iter()
            .any(|word| line.contains(word));
        about_waha && claim && !is_founded(&line)
    };
    text.lines().filter(claims).collect()
}

/// "Verified" is a claim about a release and an engine that somebody ran.
#[test]
fn nothing_is_called_verified_without_its_row() {
    let rows = table("0.4");
    assert!(rows.iter().all(|row| row.len() == 5), "{rows:?}");
    let texts = [
        "README.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "docs/operating.md",
        "docs/upgrading.md",
        "docker-compose.yml",
        ".env.example",
    ]
    .map(|name| {
        let path = root().join(name);
        let text = std::fs::read_to_string(&path).unwrap();
        (path, text)
    });
    let shown = sources().into_iter().filter(|(path, _)| {
        path.ends_with("advice.rs") || path.extension().is_some_and(|kind| kind == "ftl")
    });
    for (path, text) in shown.chain(texts) {
        let found = unfounded(&text, &rows);
        assert!(found.is_empty(), "{}: {found:?}", path.display());
    }
}

#[rstest::rstest]
#[case("Tested with WAHA 2026.4.1 (NOWEB).", true)]
#[case("Tested with WAHA 2026.4.1 (GOWS).", false)]
#[case("`gows-2026.10.1` was verified", false)]
#[case("WAHA 2026.10.1 with GOWS", true)]
fn a_claim_needs_the_row_of_its_release_and_engine(#[case] line: &str, #[case] is_founded: bool) {
    let rows = [
        ["2026.4.1", "NOWEB", "recordings of a server", "a", "b"],
        ["2026.10.1", "GOWS", "release notes only", "a", "b"],
    ]
    .map(|row| row.map(str::to_owned).to_vec());
    assert_eq!(unfounded(line, &rows).is_empty(), is_founded);
}
