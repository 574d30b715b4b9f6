//! Who is invited: eleven people in several households, of both spouses, some of whom try to be more than a text.

use std::path::Path;

use waha_simulator::{Guest, Simulator};

use crate::processes::system::System;

/// Somebody on the list.
pub(crate) struct Invited {
    pub(crate) name: &'static str,
    /// Digits, country code first.
    pub(crate) number: &'static str,
    /// Empty for those who are invited alone.
    household: &'static str,
    of: &'static str,
    language: &'static str,
}

const fn invited(
    name: &'static str,
    number: &'static str,
    household: &'static str,
    of: &'static str,
    language: &'static str,
) -> Invited {
    Invited {
        name,
        number,
        household,
        of,
        language,
    }
}

/// Their number is not on the list: they write with the code of their invitation.
pub(crate) const LUCA: Invited =
    invited("Luca Bianchi", "393470000111", "Casa Bianchi", "groom", "");
pub(crate) const ANNA: Invited = invited("Anna Rossi", "393470000101", "I Rossi", "groom", "it");
pub(crate) const BRUNO: Invited = invited("Bruno Rossi", "393470000102", "I Rossi", "groom", "it");
/// Whose name is mark-up to a page that is careless.
pub(crate) const PINA: Invited =
    invited("<b>Zia</b> \"Pina\" 🎉", "393470000103", "", "groom", "it");

/// What guests write first.
pub(crate) const HERE: &str = "Ci siamo! 💚";

/// Those whose numbers are on the list.
pub(crate) const TEN: [Invited; 10] = [
    ANNA,
    BRUNO,
    PINA,
    invited("Carla Verdi", "393470000104", "I Verdi", "bride", "it"),
    invited("Dario Verdi", "393470000105", "I Verdi", "bride", "it"),
    invited("John Smith", "447400123456", "The Smiths", "bride", "en"),
    invited("Mary Smith", "447400123457", "The Smiths", "bride", "en"),
    invited("דוד לוי", "393470000108", "", "bride", "en"),
    invited(
        "Fabio Gallo",
        "393470000109",
        "<i>Galli</i> & C.",
        "groom",
        "",
    ),
    invited("Giulia Fabbri", "393470000110", "", "bride", ""),
];

/// All of them.
pub(crate) fn everybody() -> impl Iterator<Item = Invited> {
    TEN.into_iter().chain([LUCA])
}

impl Invited {
    /// Their phone, which writes to the spouse whose guests they are.
    pub(crate) fn phone(&self, system: &System) -> Guest {
        self.host(system).guest(self.number).named(self.name)
    }

    /// The phone of that spouse.
    pub(crate) fn host(&self, system: &System) -> Simulator {
        match self.of {
            "bride" => system.bride.clone().expect("she has a phone"),
            _ => system.waha.clone(),
        }
    }

    /// The texts of ours that their phone has shown.
    pub(crate) fn got(&self, system: &System) -> Vec<String> {
        let shown = self.phone(system).phone();
        shown.into_iter().map(|message| message.text).collect()
    }
}

/// The list as a spreadsheet saves it. `wrong`: with a number that cannot be.
pub(crate) fn write_csv(file: &Path, language: &str, wrong: bool) {
    let header = match language {
        "it" => "Nome,Telefono,Famiglia,Lato,Lingua",
        _ => "Name,Phone,Household,Side,Language",
    };
    let mut lines = vec![header.to_owned()];
    for guest in everybody() {
        let phone = match guest.name {
            name if name == ANNA.name && wrong => "12".to_owned(),
            name if name == LUCA.name => String::new(),
            _ => format!("+{}", guest.number),
        };
        let spoken = if guest.language.is_empty() {
            language
        } else {
            guest.language
        };
        let name = guest.name.replace('"', "\"\"");
        let household = guest.household;
        let side = side(language, guest.of);
        lines.push(format!("\"{name}\",{phone},{household},{side},{spoken}"));
    }
    lines.push(String::new());
    std::fs::write(file, lines.join("\r\n")).expect("a file");
}

fn side(language: &str, of: &'static str) -> &'static str {
    match (language, of) {
        ("it", "groom") => "sposo",
        ("it", _) => "sposa",
        _ => of,
    }
}
