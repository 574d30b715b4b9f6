//! Files that nobody wrote: tables and cards of so few names, numbers and households that all of them meet, random pieces
//! of both, and good files after what happens to files on their way.

use rand::rngs::StdRng;
use rand::{Rng, RngExt};

const NAMES: [&str; 7] = ["Ada", "ADA", "Ugo", "Eva", "Nicolò", "=1+1", ""];
const PHONES: [&str; 9] = [
    "347 000 0001",
    "+39 347 000 0002",
    "0044 7400 123456",
    "06 6982 1234",
    "347 000 0003 / 348 000 0004",
    "12",
    "3.9E+11",
    "",
    "",
];
const HOUSEHOLDS: [&str; 5] = ["Rossi", "ROSSI", "Bianchi", "", ""];
const SIDES: [&str; 6] = ["sposo", "bride", "priest", "", "", ""];
const LANGUAGES: [&str; 5] = ["it", "English", "fr", "", ""];

/// What breaks tables and cards.
const PIECES: [&[u8]; 24] = [
    b",",
    b";",
    b"\t",
    b"\"",
    b"\"\"",
    b"\n",
    b"\r\n",
    b"\r",
    b" ",
    b"=\n",
    b"'",
    b"\\",
    b"\0",
    b"\x1B",
    b"\xEF\xBB\xBF",
    b"\xFF\xFE",
    b"\xF2",
    b"\xF0\x9F\x91",
    b"nome;telefono\n",
    b"sep=,\n",
    b"BEGIN:VCARD\n",
    b"END:VCARD\n",
    b"FN:Ada\n",
    b"TEL;CELL:347 000 0001\n",
];

fn one_of<T: Copy>(dice: &mut impl Rng, of: &[T]) -> T {
    of[dice.random_range(0..of.len())]
}

/// One of all kinds.
pub(super) fn any_file(dice: &mut StdRng) -> Vec<u8> {
    let mut file = match dice.random_range(0..10) {
        0 => (0..dice.random_range(0..300))
            .map(|_| dice.random())
            .collect(),
        1 => pieces(dice),
        2..4 => cards(dice),
        _ => table(dice),
    };
    if dice.random_bool(0.4) {
        for _ in 0..dice.random_range(1..5) {
            mishap(dice, &mut file);
        }
    }
    file
}

fn pieces(dice: &mut StdRng) -> Vec<u8> {
    let count = dice.random_range(0..40);
    (0..count)
        .flat_map(|_| one_of(dice, &PIECES))
        .copied()
        .collect()
}

fn table(dice: &mut StdRng) -> Vec<u8> {
    let separator = one_of(dice, &[";", ",", "\t"]);
    let line_break = one_of(dice, &["\n", "\r\n"]);
    let mut rows = vec!["Nome Telefono Famiglia Lato Lingua".replace(' ', separator)];
    for _ in 0..dice.random_range(1..9) {
        let cells = [
            one_of(dice, &NAMES),
            one_of(dice, &PHONES),
            one_of(dice, &HOUSEHOLDS),
            one_of(dice, &SIDES),
            one_of(dice, &LANGUAGES),
        ];
        rows.push(cells.join(separator));
    }
    let text = rows.join(line_break);
    if dice.random_bool(0.2) {
        // Latin-1, which spreadsheets still write
        return text
            .chars()
            .map(|c| u8::try_from(c).unwrap_or(b'?'))
            .collect();
    }
    text.into_bytes()
}

fn cards(dice: &mut StdRng) -> Vec<u8> {
    let count = dice.random_range(1..6);
    let mut card = |_| {
        let (name, phone) = (one_of(dice, &NAMES), one_of(dice, &PHONES));
        format!("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{name}\r\nTEL;TYPE=CELL:{phone}\r\nEND:VCARD\r\n")
    };
    let cards: String = (0..count).map(&mut card).collect();
    cards.into_bytes()
}

/// Something that happens to a file on its way.
fn mishap(dice: &mut StdRng, file: &mut Vec<u8>) {
    let at = dice.random_range(0..=file.len());
    let until = dice.random_range(at..=file.len().min(at + 40));
    match dice.random_range(0..5) {
        0 => file.truncate(at),
        1 => drop(file.drain(at..until)),
        2 => {
            let part = file[at..until].to_vec();
            drop(file.splice(at..at, part));
        }
        3 if at < file.len() => file[at] = dice.random(),
        _ => drop(file.splice(at..at, one_of(dice, &PIECES).iter().copied())),
    }
}
