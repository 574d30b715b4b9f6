//! Files of guests: CSV in `guest_table`, vCard in `guest_cards`, `.xlsx` in `guest_spreadsheet`.

use std::io::{Cursor, Write as _};

use domain::phone_number::{Country, PhoneNumber};
use guest_import::{DraftGuest, Line, MAX_LINES, read};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::harness::Target;
use crate::phone_numbers::assert_e164;

const TABLE: Target = Target {
    name: "guest_table",
    words: &[
        b",",
        b";",
        b"\t",
        b"\"",
        b"\"\"",
        b"\n",
        b"\r\n",
        b"\r",
        b"'",
        b"=",
        b"sep=;\n",
        b"nome",
        b"cognome",
        b"telefono",
        b"cellulare",
        b"famiglia",
        b"lato",
        b"lingua",
        b"Phone 1 - Value",
        b"347 000 0001",
        b"+39",
        b"00",
        b"3.93471E+11",
        b"348/0000002",
        b" o ",
        b"it",
        b"\0",
        b"\x1B",
        b"\xEF\xBB\xBF",
        b"\xFF\xFE",
        b"\xFE\xFF",
        b"\xF0\x9F\x91",
        b"\xE2\x80\xAE",
        b"\xC3\xB2",
        b"\xF2",
        b"PK\x03\x04",
        b"\xD0\xCF\x11\xE0",
        b"BEGIN:VCARD\n",
    ],
    round: 700,
};

const CARDS: Target = Target {
    name: "guest_cards",
    words: &[
        b"BEGIN:VCARD\r\n",
        b"END:VCARD\r\n",
        b"BEGIN:VCARD",
        b"FN:",
        b"N:",
        b"ORG:",
        b"NICKNAME:",
        b"LANG:it\n",
        b"TEL;TYPE=CELL:",
        b"TEL;TYPE=FAX:",
        b"item1.TEL:",
        b"tel:",
        b";ext=1",
        b"\n ",
        b"\n\t",
        b"=\n",
        b"=\r\n",
        b";ENCODING=QUOTED-PRINTABLE",
        b";CHARSET=ISO-8859-1",
        b";CHARSET=UTF-16LE",
        b";CHARSET=SHIFT_JIS",
        b";ENCODING=b",
        b";BASE64",
        b":QUJD",
        b"=C3=B2",
        b"=",
        b"\\n",
        b"\\",
        b";",
        b":",
        b"\"",
        b"\r",
        b"\n",
        b"\0",
        b"\xEF\xBB\xBF",
        b"\xFF\xFE",
        b"+39 347 000 0001",
    ],
    round: 1_500,
};

/// An input that is no package holds its parts as text, so that mutations of the XML reach the reader behind the checksums.
const SPREADSHEET: Target = Target {
    name: "guest_spreadsheet",
    words: &[
        b"\n== xl/sharedStrings.xml\n",
        b"\n== xl/styles.xml\n",
        b"\n== xl/worksheets/sheet1.xml\n",
        b"<row r=\"2\">",
        b"</row>",
        b"<c r=\"A2\" t=\"s\"><v>1</v></c>",
        b"<c r=\"XFD1048576\"><v>347E7</v></c>",
        b"<c r=\"ZZZZZZZ99999999999\">",
        b" t=\"inlineStr\"",
        b" t=\"str\"",
        b" t=\"d\"",
        b" t=\"e\"",
        b" s=\"1\"",
        b"<is><t>Anna</t></is>",
        b"<f>A1</f>",
        b"<mergeCells><mergeCell ref=\"C2:C9\"/></mergeCells>",
        b"<mergeCell ref=\"B9:A1\"/>",
        b" uniqueCount=\"999999999999\"",
        b"<si><t>Telefono</t></si>",
        b"&#65;",
        b"&amp;",
        b"<![CDATA[",
        b"<!--",
        b"/>",
        b"\0",
        b"\x1B",
        b"\xFF\xFE",
        b"PK\x03\x04",
        b"PK\x05\x06",
    ],
    round: 700,
};

#[test]
fn guest_spreadsheet() {
    SPREADSHEET.run(|input| {
        if input.starts_with(b"PK") {
            check(input)
        } else {
            check(&packed(input))
        }
    });
}

/// A package of the parts that stand in the input below lines such as `== xl/workbook.xml`.
fn packed(input: &[u8]) -> Vec<u8> {
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let text = String::from_utf8_lossy(input);
    for part in text.split("== ") {
        let (name, xml) = part.split_once('\n').unwrap_or((part, ""));
        // a name that stands twice is refused here, and its part with it
        if package.start_file(name, stored).is_ok() {
            package.write_all(xml.as_bytes()).unwrap();
        }
    }
    package.finish().unwrap().into_inner()
}

#[test]
fn guest_table() {
    TABLE.run(check);
}

#[test]
fn guest_cards() {
    CARDS.run(check);
}

/// Asserts what holds for any file and returns how it was read.
pub(crate) fn check(file: &[u8]) -> String {
    let result = read(file, Country::ITALY);
    assert_eq!(result, read(file, Country::ITALY), "reading twice differs");
    let lines = match result {
        Ok(lines) => lines,
        Err(refusal) => return refusal.code().to_owned(),
    };
    assert!(!lines.is_empty(), "no line and no refusal");
    let ordered = lines.windows(2).all(|pair| pair[0].number < pair[1].number);
    assert!(
        ordered && lines[0].number >= 1,
        "line numbers are not ascending"
    );
    if file.starts_with(b"PK\x03\x04") {
        assert!(lines.len() <= MAX_LINES, "{} lines", lines.len());
    } else {
        check_size(file, &lines);
    }
    let guests = lines.iter().filter_map(|line| line.guest.as_ref().ok());
    guests.take(10).for_each(written_again);
    let mut outcomes: Vec<_> = lines.iter().map(check_line).collect();
    outcomes.sort_unstable();
    outcomes.dedup();
    outcomes.join(" ")
}

/// No text grows when it is read.
fn check_size(file: &[u8], lines: &[Line]) {
    assert!(
        lines.len() <= file.len(),
        "{} lines of {} bytes",
        lines.len(),
        file.len()
    );
    let breaks = file
        .iter()
        .filter(|byte| matches!(byte, b'\n' | b'\r'))
        .count();
    // in UTF-16 other code units hold these bytes too, and U+2028 is no line break: the count is an upper limit
    let last = usize::try_from(lines.last().unwrap().number).unwrap();
    assert!(
        last <= breaks + 1,
        "line {last} of a file with {breaks} breaks"
    );
    // decoding makes at most three bytes of one
    let text: usize = lines.iter().map(text_length).sum();
    assert!(
        text <= 4 * file.len(),
        "{text} bytes of text from a file of {}",
        file.len()
    );
}

fn text_length(line: &Line) -> usize {
    line.guest.as_ref().map_or(0, |guest| guest.name.len())
}

fn check_line(line: &Line) -> String {
    match &line.guest {
        Ok(guest) => check_guest(guest),
        Err(problem) => {
            let sentence = problem.to_string();
            let numbers = sentence.split(|c: char| !c.is_ascii_digit());
            // line numbers are shorter than phone numbers
            assert!(
                numbers.map(str::len).max() < Some(6),
                "a number in: {sentence}"
            );
            problem.code().to_owned()
        }
    }
}

fn check_guest(guest: &DraftGuest) -> String {
    assert!(!guest.name.trim().is_empty(), "a guest without a name");
    let texts = [
        Some(&guest.name),
        guest.household.as_ref(),
        guest.side.as_ref(),
    ];
    for text in texts.into_iter().flatten() {
        assert!(
            text.chars().count() <= 200,
            "a text of more than 200 characters"
        );
        assert!(
            !text.chars().any(char::is_control),
            "a control character in {text:?}"
        );
    }
    if let Some(phone) = &guest.phone {
        assert_e164(&phone.number);
    }
    let (check, others) = guest
        .phone
        .as_ref()
        .map_or((false, 0), |phone| (phone.needs_check, phone.others.len()));
    format!(
        "guest{}{}{}{others}{}{}",
        u8::from(guest.phone.is_some()),
        u8::from(check),
        u8::from(guest.household.is_some()),
        u8::from(guest.side.is_some()),
        u8::from(guest.language.is_some())
    )
}

/// A guest written into a clean table reads back as the same guest.
fn written_again(guest: &DraftGuest) {
    let quoted = |text: &str| {
        // the mark that spreadsheets put before what looks like a formula; reading takes one away
        let formula = text.trim_start_matches('\'');
        let mark = if formula.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) {
            "'"
        } else {
            ""
        };
        format!("\"{mark}{}\"", text.replace('"', "\"\""))
    };
    let phone = number(guest).map_or(String::new(), |phone| format!("+{}", phone.digits()));
    let household = guest.household.as_deref().unwrap_or_default();
    let side = guest.side.as_deref().unwrap_or_default();
    let cells = [&guest.name, &phone, household, side].map(quoted).join(",");
    let table = format!("nome completo,telefono,famiglia,lato\n{cells}\n");
    let lines = read(table.as_bytes(), Country::ITALY).expect("a clean table is read");
    let again = lines[0]
        .guest
        .as_ref()
        .unwrap_or_else(|problem| panic!("{cells:?} is refused: {problem}"));
    assert_eq!(
        (&again.name, number(again)),
        (&guest.name, number(guest)),
        "read back from {cells:?}"
    );
    assert_eq!(
        (&again.household, &again.side),
        (&guest.household, &guest.side),
        "read back from {cells:?}"
    );
}

fn number(guest: &DraftGuest) -> Option<&PhoneNumber> {
    guest.phone.as_ref().map(|phone| &phone.number)
}
