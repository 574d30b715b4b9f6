//! Every public call of the store is either on a way that the growth test and the benchmark make, or is named here with its reason.

use std::{collections::BTreeSet, fs, path::Path};

/// What a person does once in a while, on one row or on a list that does not grow with messages.
const NOW_AND_THEN: &str = "
    accounts account_by_name add_link add_token decide_contact delete_broadcast delete_guest delete_household
    edit_broadcast edit_guest ensure_invitations erase_guest grant_texts has_accounts ignore_unknown_writer import_guests
    invitation_in_force link plan_import prolong_invitation put_household_on_list put_on_list redeem_invitation redeem_password
    remove_account rename_household renew_invitation revoke_invitation revoke_token set_account_language set_password sign_in
    sign_in_failed sign_out sign_out_everywhere tie_unknown_writer tokens try_broadcast update_config";
/// What a service does when it starts or stops, or when its session changes.
const AT_START: &str = "
    follow_as_holder follow_beside_holder pause_after_restore ping record_log_out record_unread_chats
    recheck_for release_lease chat_was_read";
/// What only tests call.
const FOR_TESTS: &str = "close commit_state lock open stuck_messages";

#[test]
fn every_call_is_measured_or_has_its_reason() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut calls, mut measured) = (BTreeSet::new(), String::new());
    for file in files(&src) {
        let text = fs::read_to_string(&file).unwrap();
        let path = file.strip_prefix(&src).unwrap().display().to_string();
        let is_in = |module: &str| path.starts_with(module);
        if is_in("ways") {
            measured.push_str(&text);
        } else if !["testing", "filling", "db/"].into_iter().any(is_in) {
            calls.extend(public_calls(&text));
        }
    }
    let named = [NOW_AND_THEN, AT_START, FOR_TESTS];
    let named: BTreeSet<_> = named
        .iter()
        .flat_map(|names| names.split_whitespace())
        .collect();
    let is_measured = |call: &str| measured.contains(&format!(".{call}("));
    let missing: Vec<_> = calls
        .iter()
        .filter(|call| !is_measured(call) && !named.contains(call.as_str()))
        .collect();
    let stale: Vec<_> = named
        .iter()
        .filter(|call| !calls.contains(**call) || is_measured(call))
        .collect();
    assert!(
        missing.is_empty(),
        "neither measured nor named: {missing:?}"
    );
    assert!(stale.is_empty(), "named without need: {stale:?}");
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let nested = entries.flat_map(|path| {
        if path.is_dir() {
            files(&path)
        } else {
            vec![path]
        }
    });
    nested.collect()
}

/// The public asynchronous functions of a file.
fn public_calls(text: &str) -> Vec<String> {
    let names = text.split("pub async fn ").skip(1);
    let name = |rest: &str| rest.split(['(', '<']).next().unwrap_or_default().to_owned();
    names.map(name).collect()
}
