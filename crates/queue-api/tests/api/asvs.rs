//! `docs/asvs.md`: each requirement of levels 1 and 2 has one line, and the tests and commands that it names exist.

use std::fs;
use std::path::Path;

const DOCUMENT: &str = include_str!("../../../../docs/asvs.md");
const MAKEFILE: &str = include_str!("../../../../Makefile");
/// The numbers of the requirements of levels 1 and 2 of OWASP ASVS 5.0.0.
const NUMBERS: &str = include_str!("asvs_numbers.txt");

/// Where the tests of each test binary are, below `crates/`.
const BINARIES: [(&str, &[&str]); 12] = [
    ("api", &["queue-api/tests/api"]),
    ("behaviour", &["storage/tests/behaviour"]),
    ("chassis", &["chassis/src", "chassis/tests/chassis"]),
    ("domain", &["domain/tests/domain"]),
    ("fuzz", &["fuzz/tests/fuzz"]),
    ("guest_import", &["guest-import/tests/guest_import"]),
    ("integration", &["whatsapp-integration/tests/integration"]),
    ("queue-api", &["queue-api/src"]),
    ("storage", &["storage/src"]),
    ("stories", &["end-to-end/tests/stories"]),
    ("waha", &["waha/tests/waha"]),
    ("worker", &["whatsapp-worker/tests/worker"]),
];

/// What stands between backticks, as its first word and the rest.
fn commands() -> impl Iterator<Item = (&'static str, &'static str)> {
    let spans = DOCUMENT.split('`').skip(1).step_by(2);
    spans.filter_map(|span| span.split_once(' '))
}

/// Whether a file of that module has a function of that name.
fn exists(folders: &[&str], test: &str) -> bool {
    let mut modules: Vec<_> = test.split("::").filter(|name| *name != "tests").collect();
    let declared = format!("fn {}(", modules.pop().unwrap());
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    folders.iter().any(|folder| {
        let module = crates.join(folder).join(modules.join("/"));
        // tests of private items may stand in a folder of their own
        let unit = crates.join(folder).with_file_name("tests").join("unit");
        let unit = fs::read_dir(unit).into_iter().flatten().flatten();
        let mut files = vec![module.with_extension("rs"), module.join("mod.rs")];
        files.extend(unit.map(|file| file.path()));
        files.iter().any(|file| {
            let source = fs::read_to_string(file).unwrap_or_default();
            source.contains(&declared)
        })
    })
}

#[test]
fn each_requirement_has_one_line() {
    let rows = DOCUMENT.lines().filter_map(|line| line.strip_prefix("| "));
    let first_cells = rows.filter_map(|row| row.split(" | ").next());
    let mut found: Vec<_> = first_cells
        .filter(|cell| cell.starts_with(|first: char| first.is_ascii_digit()))
        .flat_map(|cell| cell.split(", "))
        .collect();
    found.sort_unstable();
    let mut expected: Vec<_> = NUMBERS.split_whitespace().collect();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn each_test_that_it_names_exists() {
    let mut named = 0;
    for (binary, test) in commands().filter(|(_, test)| test.contains("::")) {
        let Some((_, folders)) = BINARIES.iter().find(|(name, _)| *name == binary) else {
            continue;
        };
        named += 1;
        assert!(exists(folders, test), "{binary} {test}");
    }
    assert!(named > 100, "{named} tests");
}

#[test]
fn each_make_target_that_it_names_exists() {
    let mut named = 0;
    for (_, rest) in commands().filter(|(program, _)| *program == "make") {
        let target = rest.split(' ').next().unwrap();
        named += 1;
        assert!(MAKEFILE.contains(&format!("\n{target}: ## ")), "{target}");
    }
    assert!(named > 0);
}
