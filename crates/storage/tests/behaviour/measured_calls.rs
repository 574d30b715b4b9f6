//! Every public call of the store is either on a way that the growth test and the benchmark make, or is named here with its reason.

use std::{collections::BTreeSet, fs, path::Path};

/// What a person does once in a while, on one row or on a list that does not grow with messages.
const NOW_AND_THEN: &str = "
    assign_phone refuse_phone unassigned_phones accounts account_by_name add_link begin_second_factor begin_sign_in begun_sign_in confirm_browser confirmed_at enable_second_factor
    confirm_contact dismiss_undelivered dismiss_unreadable unconfirmed_contacts remove_second_factor second_factor use_recovery_code use_second_factor add_token decide_contact delete_broadcast delete_guest delete_household
    edit_broadcast edit_guest ensure_invitations erasable erase_guest grant_texts has_accounts ignore_unknown_writer import_guests
    invitation_in_force invitations knows_browser link plan_import prolong_invitation record_passkey_step put_household_on_list put_on_list redeem_invitation redeem_password
    remember_browser remembers_browser remove_account rename_household renew_invitation revoke_invitation revoke_token set_account_language set_password sign_in
    sign_in_failed browsers sign_out sign_out_of sign_out_everywhere tie_unknown_writer tokens try_broadcast update_config";
/// What a service does when it starts or stops, or when its session changes.
const AT_START: &str = "
    readdress repair_identities stranded_messages follow_as_holder follow_beside_holder close open pause_after_restore begin_operation end_operation ping record_log_out record_unread_chats
    release_lease chat_was_read";
/// What only tests call.
const FOR_TESTS: &str = "stuck_messages";

#[test]
fn every_call_is_measured_or_has_its_reason() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (calls, measured) = (text(&root.join("src")), text(&root.join("testing/ways")));
    let calls: BTreeSet<_> = public_calls(&calls).collect();
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

/// All files of a folder, but those of the databases' own connections.
fn text(folder: &Path) -> String {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let texts = entries.map(|path| match path.is_dir() {
        true if path.ends_with("db") => String::new(),
        true => text(&path),
        false => fs::read_to_string(&path).unwrap(),
    });
    texts.collect()
}

/// The public asynchronous functions of a text.
fn public_calls(text: &str) -> impl Iterator<Item = String> {
    let name = |rest: &str| rest.split(['(', '<']).next().unwrap_or_default().to_owned();
    text.split("pub async fn ").skip(1).map(name)
}
