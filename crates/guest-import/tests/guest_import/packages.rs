//! Packages that are no spreadsheet, are broken, or would take more memory than they may.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use guest_import::Unreadable;
use rstest::rstest;
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::world::{expected, lines, read, told};

const RELATIONS: &str = r#"<Relationships><Relationship Id="a" Type="http://x/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK: &str = r#"<workbook><sheets><sheet name="A" r:id="b"/></sheets></workbook>"#;
const SHEETS: &str = r#"<Relationships><Relationship Id="b" Type="http://x/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
const TEXTS: &str = r#"<sst uniqueCount="2"><si><t>Nome</t></si><si><t>Anna</t></si></sst>"#;
const ROWS: &str =
    r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row>"#;

fn sheet(rows: &str) -> String {
    format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")
}

/// A package with these parts.
fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in parts {
        package
            .start_file(*name, SimpleFileOptions::default())
            .and_then(|()| Ok(package.write_all(part)?))
            .expect("a part");
    }
    package.finish().expect("a package").into_inner()
}

/// The smallest spreadsheet, with one part replaced.
fn with(name: &str, part: &[u8]) -> Vec<u8> {
    with_all(&[(name, part)])
}

fn with_all(replaced: &[(&str, &[u8])]) -> Vec<u8> {
    let sheet = sheet(ROWS);
    let parts = [
        ("_rels/.rels", RELATIONS),
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", SHEETS),
        ("xl/sharedStrings.xml", TEXTS),
        ("xl/worksheets/sheet1.xml", &sheet),
    ];
    let mut parts: Vec<_> = parts.map(|(name, xml)| (name, xml.as_bytes())).into();
    parts.retain(|(known, _)| replaced.iter().all(|(name, _)| known != name));
    parts.extend(replaced);
    packed(&parts)
}

fn with_rows(rows: &str) -> Vec<u8> {
    with("xl/worksheets/sheet1.xml", sheet(rows).as_bytes())
}

#[rstest]
#[case::shared_texts(ROWS)]
#[case::texts_in_cells(
    r#"<row r="1"><c r="A1" t="inlineStr"><is><t>Nome</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>Anna</t></is></c></row>"#
)]
#[case::no_references(r#"<row><c t="s"><v>0</v></c></row><row><c t="s"><v>1</v></c></row>"#)]
#[case::a_far_cell(
    r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c><c r="XFD2"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"/></row>"#
)]
fn the_smallest_spreadsheet_is_read(#[case] rows: &str) {
    assert_eq!(told(&lines(with_rows(rows))), expected(&[(2, "Anna")]));
}

#[rstest]
#[case::old_excel(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1Workbook".to_vec(), Unreadable::OtherSpreadsheet)]
#[case::password(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0".to_vec(), Unreadable::ProtectedSpreadsheet)]
#[case::open_document(packed(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"<x/>")]), Unreadable::OtherSpreadsheet)]
#[case::binary_excel(packed(&[("_rels/.rels", b"<x/>"), ("xl/workbook.bin", b"\0"), ("xl/_rels/workbook.bin.rels", b"<x/>")]), Unreadable::OtherSpreadsheet)]
#[case::text_document(packed(&[("_rels/.rels", b"<x/>"), ("word/document.xml", b"<x/>")]), Unreadable::OtherSpreadsheet)]
#[case::photos(packed(&[("anna.jpg", b"\xFF\xD8")]), Unreadable::OtherSpreadsheet)]
fn what_is_no_xlsx_is_refused_by_what_it_is(#[case] file: Vec<u8>, #[case] why: Unreadable) {
    assert_eq!(read(file), Err(why));
}

#[test]
fn a_spreadsheet_that_was_cut_off_is_damaged() {
    let file = with_rows(ROWS);
    for length in [4, 30, file.len() / 2, file.len() - 1] {
        assert_eq!(
            read(&file[..length]),
            Err(Unreadable::DamagedSpreadsheet),
            "{length}"
        );
    }
}

#[rstest]
#[case::rows_in_disorder(
    r#"<row r="2"><c r="A2" t="s"><v>0</v></c></row><row r="1"><c r="A1" t="s"><v>1</v></c></row>"#
)]
#[case::a_text_that_is_not_there(r#"<row r="1"><c r="A1" t="s"><v>7</v></c></row>"#)]
#[case::no_end(r#"<row r="1"><c r="A1""#)]
#[case::a_reference_beyond_32_bits(
    r#"<row r="1"><c r="ZZZZZZZZZZZZ99999999999" t="s"><v>0</v></c></row>"#
)]
fn a_sheet_that_breaks_the_format_is_damaged(#[case] rows: &str) {
    assert_eq!(read(with_rows(rows)), Err(Unreadable::DamagedSpreadsheet));
}

#[rstest]
#[case::workbook("xl/workbook.xml", "<workbook>")]
#[case::relations("_rels/.rels", "")]
#[case::relations_of_the_workbook("xl/_rels/workbook.xml.rels", "<Relationships></Relationships>")]
#[case::more_texts_than_bytes(
    "xl/sharedStrings.xml",
    "<sst uniqueCount=\"999999999999\"><si><t>Nome</t></si></sst>"
)]
#[case::texts_in_another_encoding(
    "xl/sharedStrings.xml",
    "<sst unique\u{1B}(BCount=\"999999999999\"></sst>"
)]
fn a_part_that_breaks_the_format_is_damaged(#[case] name: &str, #[case] part: &str) {
    assert_eq!(
        read(with(name, part.as_bytes())),
        Err(Unreadable::DamagedSpreadsheet)
    );
}

#[rstest]
#[case::sheet("xl/worksheets/sheet1.xml", 33)]
#[case::another_sheet("xl/worksheets/sheet2.xml", 33)]
#[case::texts("xl/sharedStrings.xml", 13)]
#[case::styles("xl/styles.xml", 2)]
#[case::a_picture("xl/media/image1.bmp", 13)]
fn a_part_that_unpacks_to_too_much_is_refused(#[case] name: &str, #[case] mebibytes: usize) {
    let file = with(name, &vec![b' '; mebibytes * 1024 * 1024]);
    assert!(file.len() < 1024 * 1024, "{} bytes", file.len());
    assert_eq!(read(file), Err(Unreadable::SpreadsheetTooLarge));
}

/// calamine would hold such a workbook in memory, as large as sheets may be.
#[rstest]
#[case::plain("worksheets")]
#[case::in_capitals("WorkSheets")]
#[case::hidden("w&#111;rksheets")]
fn a_workbook_among_the_sheets_is_refused(#[case] folder: &str) {
    let relations = RELATIONS.replace("xl/workbook.xml", &format!("xl/{folder}/workbook.xml"));
    let sheets = SHEETS.replace("worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml");
    let file = with_all(&[
        ("_rels/.rels", relations.as_bytes()),
        ("xl/worksheets/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/worksheets/_rels/workbook.xml.rels", sheets.as_bytes()),
        ("xl/worksheets/sharedStrings.xml", TEXTS.as_bytes()),
    ]);
    assert_eq!(read(file), Err(Unreadable::DamagedSpreadsheet));
}

#[test]
fn many_merged_cells_are_read_in_one_pass() {
    let mut merged = String::new();
    for row in 1..=40_000 {
        write!(merged, r#"<mergeCell ref="A1:XFD{row}"/>"#).expect("a string takes everything");
    }
    let xml = format!(
        "<worksheet><sheetData>{ROWS}</sheetData><mergeCells>{merged}</mergeCells></worksheet>"
    );
    let file = with("xl/worksheets/sheet1.xml", xml.as_bytes());
    assert_eq!(told(&lines(file)), expected(&[(2, "Anna")]));
}
