//! What stands in the templates and in the script, whatever a page shows.

use std::fs;
use std::path::Path;

/// What a page loads, and what people paste elsewhere.
const SCRIPTS: [&str; 3] = [
    include_str!("../../../assets/page.js"),
    include_str!("../../../assets/passkey.js"),
    include_str!("../../../assets/passkey_paste.js"),
];

/// Each template's path and text.
fn templates() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("templates")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "html") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path.display().to_string(), text));
            }
        }
    }
    assert!(found.len() > 40, "{} templates", found.len());
    found
}

/// Only the guests' style, which is ours, is written without escaping.
#[test]
fn templates_escape_what_they_show() {
    for (path, text) in templates() {
        let raw = text.matches("|safe").count() + text.matches("| safe").count();
        let allowed = usize::from(path.ends_with("templates/paper.html"));
        assert_eq!(raw, allowed, "{path}");
        assert!(!text.contains("escape"), "{path}");
        let scripts = text.matches("<script").count();
        let allowed = usize::from(path.ends_with("pages/layout.html"));
        assert_eq!(scripts, allowed, "{path}");
    }
}

#[test]
fn the_script_runs_and_keeps_nothing_of_others() {
    for forbidden in [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "document.cookie",
        "eval(",
        "Function(",
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "caches.",
        "WebSocket",
        "://",
    ] {
        for script in SCRIPTS {
            assert!(!script.contains(forbidden), "{forbidden}");
        }
    }
    // only for the browser extension, in the own window
    assert_eq!(SCRIPTS.concat().matches("postMessage").count(), 1);
    assert!(SCRIPTS[1].contains("source === window && origin === location.origin"));
}

/// Passwords are not shown while they are typed, and a password manager may fill them in.
#[test]
fn password_fields_hide_what_is_typed_and_may_be_filled_in() {
    let mut fields = 0;
    for (path, text) in templates() {
        assert!(!text.contains("onpaste"), "{path}");
        let tags = text.split("<input").skip(1);
        for tag in tags.map(|rest| rest.split('>').next().unwrap()) {
            let names = ["password", "current", "confirm_password"];
            if !names
                .iter()
                .any(|name| tag.contains(&format!("name=\"{name}\"")))
            {
                assert!(!tag.contains("type=\"password\""), "{path}: {tag}");
                continue;
            }
            fields += 1;
            assert!(tag.contains("type=\"password\""), "{path}: {tag}");
            let filled_in = ["current-password", "new-password"];
            assert!(
                filled_in
                    .iter()
                    .any(|how| tag.contains(&format!("autocomplete=\"{how}\""))),
                "{path}: {tag}"
            );
        }
    }
    assert!(fields >= 7, "{fields} fields");
}
