//! Harm done on purpose, to see that the comparison at the end finds it: `HEALING_SABOTAGE=lost` or `double`.

use super::{
    super::{chaos::GUESTS, system::System},
    ledger::Ledger,
};

/// Removes an acknowledged message, or shows a guest a message once more, when the environment asks for it.
pub(super) async fn harm(system: &System, ledger: &Ledger) {
    let kind = std::env::var("HEALING_SABOTAGE").unwrap_or_default();
    match kind.as_str() {
        "" => {}
        "lost" => {
            let large = ledger
                .acknowledged
                .iter()
                .find(|message| !GUESTS.contains(&message.guest));
            let id = &large.expect("a large message").id;
            for from in [
                "whatsapp_message_event WHERE message_id",
                "whatsapp_message_queue WHERE id",
            ] {
                let removed = system
                    .database
                    .execute(&format!("DELETE FROM {from} = '{id}'"))
                    .await;
                removed.expect("a row that nothing else refers to");
            }
        }
        "double" => {
            let sent = ledger.acknowledged.iter();
            let sent = sent
                .filter(|message| message.session == "groom" && GUESTS.contains(&message.guest));
            let message = sent
                .min_by_key(|message| &message.id)
                .expect("a message to a guest");
            system.waha.type_by_hand(message.guest, &message.text);
        }
        other => panic!("HEALING_SABOTAGE is {other}: lost or double"),
    }
}
