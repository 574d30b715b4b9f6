//! Files that nobody wrote: random bytes, random pieces of tables and cards, and good files with holes in them.
//! Whatever comes in, nothing panics, lines stand where they say, and reading again gives the same.

use guest_import::Line;
use proptest::{prelude::*, sample::Index};

use crate::world::{self, read};

/// What tables and cards are made of, and what breaks them.
const PIECES: &[&[u8]] = &[
    b",",
    b";",
    b"\t",
    b"\"",
    b"\"\"",
    b"\n",
    b"\r\n",
    b"\r",
    b" ",
    b"=",
    b"=\n",
    b":",
    b"\\",
    b"'",
    b"nome",
    b"telefono",
    b"famiglia",
    b"lingua",
    b"Name",
    b"Phone 1 - Value",
    b"sep=;\n",
    b"nome;telefono\n",
    b"Nicol\xC3\xB2",
    b"Nicol\xF2",
    b"Anna",
    b"347 000 0001",
    b"+39",
    b"3.93471E+11",
    b"348/0000002",
    b" o ",
    b"12",
    b"=1+1",
    b"\0",
    b"\x1B",
    b"\xEF\xBB\xBF",
    b"\xFF\xFE",
    b"\xFE\xFF",
    b"\xF0\x9F\x91",
    b"BEGIN:VCARD\n",
    b"END:VCARD\n",
    b"BEGIN:VCARD",
    b"FN:",
    b"N:;;;;",
    b"TEL;TYPE=CELL:",
    b"item1.TEL:",
    b"\n ",
    b"\n\t",
    b";ENCODING=QUOTED-PRINTABLE",
    b";CHARSET=ISO-8859-1",
    b";CHARSET=UTF-16LE",
    b";ENCODING=b:QUJD",
    b"PHOTO;BASE64:",
    b"=C3=B2",
    b"tel:",
];

/// One thing that happens to a file on its way.
#[derive(Debug, Clone)]
enum Mishap {
    Changed(Index, u8),
    Inserted(Index, usize),
    Removed(Index, Index),
    Doubled(Index, Index),
    CutOff(Index),
}

impl Mishap {
    fn any() -> impl Strategy<Value = Self> {
        let at = any::<Index>;
        prop_oneof![
            (at(), any::<u8>()).prop_map(|(at, byte)| Self::Changed(at, byte)),
            (at(), 0..PIECES.len()).prop_map(|(at, piece)| Self::Inserted(at, piece)),
            (at(), at()).prop_map(|(from, to)| Self::Removed(from, to)),
            (at(), at()).prop_map(|(from, to)| Self::Doubled(from, to)),
            at().prop_map(Self::CutOff),
        ]
    }

    fn happen_to(&self, file: &mut Vec<u8>) {
        let place = |at: &Index, file: &Vec<u8>| at.index(file.len() + 1);
        match self {
            Self::Changed(at, byte) if !file.is_empty() => {
                let at = at.index(file.len());
                file[at] = *byte;
            }
            Self::Changed(..) => {}
            Self::Inserted(at, piece) => {
                let at = place(at, file);
                file.splice(at..at, PIECES[*piece].iter().copied());
            }
            Self::Removed(a, b) => {
                let (a, b) = (place(a, file), place(b, file));
                file.drain(a.min(b)..a.max(b).min(a.min(b) + 40));
            }
            Self::Doubled(a, b) => {
                let (a, b) = (place(a, file), place(b, file));
                let part = file[a.min(b)..a.max(b)].to_vec();
                file.splice(a..a, part);
            }
            Self::CutOff(at) => file.truncate(place(at, file)),
        }
    }
}

fn pieces() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(PIECES), 0..60).prop_map(|pieces| pieces.concat())
}

fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let mishaps = prop::collection::vec(Mishap::any(), 1..8);
    (prop::sample::select(world::ALL.as_slice()), mishaps).prop_map(|(file, mishaps)| {
        let mut file = file.as_bytes().to_vec();
        for mishap in mishaps {
            mishap.happen_to(&mut file);
        }
        file
    })
}

/// How many lines a person's editor shows.
fn lines_shown(file: &[u8]) -> usize {
    if file.starts_with(b"\xFF\xFE") || file.starts_with(b"\xFE\xFF") {
        // two bytes each: at most as many breaks as there are pairs
        return file.len() / 2 + 1;
    }
    let text: String = file.iter().map(|b| char::from(*b)).collect();
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .split('\n')
        .count()
}

fn check(file: &[u8]) -> Result<(), TestCaseError> {
    let result = read(file);
    prop_assert_eq!(&result, &read(file), "reading twice");
    let lines: Vec<Line> = match result {
        Ok(lines) => lines,
        Err(refusal) => {
            prop_assert!(!refusal.code().is_empty());
            return Ok(());
        }
    };
    prop_assert!(!lines.is_empty());
    for pair in lines.windows(2) {
        prop_assert!(pair[0].number < pair[1].number, "{:?}", pair);
    }
    let last = lines.last().map_or(0, |line| line.number);
    prop_assert!(lines[0].number >= 1);
    prop_assert!(
        u32::try_from(lines_shown(file)).is_ok_and(|shown| last <= shown),
        "line {last}"
    );
    for line in &lines {
        check_line(line)?;
    }
    Ok(())
}

fn check_line(line: &Line) -> Result<(), TestCaseError> {
    match &line.guest {
        Ok(guest) => {
            prop_assert!(!guest.name.trim().is_empty());
            for text in [
                Some(&guest.name),
                guest.household.as_ref(),
                guest.side.as_ref(),
            ]
            .into_iter()
            .flatten()
            {
                prop_assert!(text.chars().count() <= 200 && !text.chars().any(char::is_control));
            }
        }
        Err(problem) => {
            let sentence = problem.to_string();
            let digits = sentence
                .split(|c: char| !c.is_ascii_digit())
                .map(str::len)
                .max();
            prop_assert!(digits < Some(5), "a number in: {sentence}");
        }
    }
    Ok(())
}

fn bounded(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(bounded(1_000))]

    #[test]
    fn random_bytes_are_read_or_refused(file in prop::collection::vec(any::<u8>(), 0..400)) {
        check(&file)?;
    }

    #[test]
    fn random_pieces_below_a_header_are_read_or_refused(file in pieces()) {
        check(&[b"nome;telefono;famiglia\n".as_slice(), &file].concat())?;
    }

    #[test]
    fn random_pieces_in_a_card_are_read_or_refused(file in pieces()) {
        check(&[b"BEGIN:VCARD\nFN:Anna\n".as_slice(), &file].concat())?;
    }

    #[test]
    fn random_pieces_are_read_or_refused(file in pieces()) {
        check(&file)?;
    }

    #[test]
    fn good_files_with_mishaps_are_read_or_refused(file in mutated()) {
        check(&file)?;
    }
}
