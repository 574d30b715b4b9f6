//! What a message is made of: from whatever an engine tells, with and without a download.

use rstest::rstest;
use serde_json::{Value, json};
use waha::{Content, Message};

fn content(members: &Value) -> Content {
    let mut message =
        json!({"id": "false_393470000001@c.us_AA", "from": "393470000001@c.us", "fromMe": false});
    for (name, value) in members.as_object().expect("members") {
        message[name] = value.clone();
    }
    let message: Message = serde_json::from_value(message).expect("a message");
    message.content
}

#[rstest]
#[case::a_text(json!({"body": "Ciao"}), Content::Text)]
#[case::of_noweb(json!({"body": "Ciao", "_data": {"message": {"conversation": "Ciao"}}}), Content::Text)]
// a text that disappears after a week is wrapped into something
#[case::wrapped(json!({"body": "STOP", "_data": {"message": {"ephemeralMessage": {"message": {}}}}}), Content::Text)]
#[case::of_webjs(json!({"body": "Ciao", "vCards": [], "_data": {"type": "chat"}}), Content::Text)]
#[case::a_picture(json!({"hasMedia": true, "media": {"mimetype": "image/jpeg"}}), Content::Image)]
#[case::with_a_caption(json!({"body": "Noi", "hasMedia": true, "media": {"mimetype": "image/png"}}), Content::Image)]
#[case::not_downloaded(json!({"hasMedia": false, "_data": {"message": {"imageMessage": {"mimetype": "image/jpeg"}}}}), Content::Image)]
#[case::not_downloaded_by_gows(json!({"hasMedia": true, "media": null, "_data": {"Message": {"audioMessage": {"mimetype": "audio/ogg; codecs=opus"}}}}), Content::Audio)]
#[case::not_downloaded_by_webjs(json!({"hasMedia": true, "media": null, "_data": {"type": "ptt", "mimetype": "audio/ogg; codecs=opus"}}), Content::Audio)]
#[case::of_unknown_form(json!({"hasMedia": true, "media": null, "_data": {"type": "sticker"}}), Content::Sticker)]
#[case::of_nothing_known(json!({"hasMedia": true, "media": null}), Content::Other)]
#[case::a_film(json!({"media": {"mimetype": "video/mp4"}}), Content::Video)]
#[case::a_voice(json!({"media": {"mimetype": "audio/ogg; codecs=opus"}}), Content::Audio)]
#[case::a_sticker(json!({"media": {"mimetype": "image/webp"}}), Content::Sticker)]
#[case::a_file(json!({"media": {"mimetype": "application/pdf"}}), Content::Document)]
#[case::a_place(json!({"location": {"latitude": 45.0}, "body": "/9j/4AAQ"}), Content::Location)]
#[case::told_by_the_engine_only(json!({"_data": {"message": {"locationMessage": {"degreesLatitude": 45.0}}}}), Content::Location)]
#[case::cards(json!({"vCards": ["BEGIN:VCARD"], "body": "BEGIN:VCARD"}), Content::Contacts)]
#[case::cards_of_webjs(json!({"body": "BEGIN:VCARD", "_data": {"type": "vcard"}}), Content::Contacts)]
#[case::a_poll(json!({"_data": {"message": {"pollCreationMessageV3": {"name": "?"}}}}), Content::Other)]
fn what_somebody_sent_is_known_by_its_kind(#[case] members: Value, #[case] expected: Content) {
    assert_eq!(content(&members), expected);
}

/// Nobody said anything with these: they are no evidence that somebody wrote.
#[rstest]
#[case::empty(json!({"body": ""}))]
#[case::nothing_told(json!({}))]
#[case::not_decrypted_by_noweb(json!({"body": null, "_data": {"messageStubType": 2}}))]
#[case::not_decrypted_by_gows(json!({"body": null, "_data": {"Message": null}}))]
#[case::not_decrypted_by_webjs(json!({"body": "", "_data": {"type": "ciphertext"}}))]
#[case::a_missed_call(json!({"_data": {"type": "call_log"}}))]
#[case::a_note_about_keys(json!({"_data": {"type": "e2e_notification"}}))]
#[case::deleted(json!({"body": "", "_data": {"type": "revoked"}}))]
#[case::keys_only(json!({"_data": {"message": {"messageContextInfo": {}, "senderKeyDistributionMessage": {}}}}))]
#[case::about_another(json!({"_data": {"message": {"protocolMessage": {"type": "REVOKE"}}}}))]
#[case::a_reaction(json!({"_data": {"Message": {"reactionMessage": {"text": "❤"}, "conversation": null}}}))]
fn what_nobody_said_is_nothing(#[case] members: Value) {
    assert_eq!(content(&members), Content::Nothing);
}
