//! The zip package around a spreadsheet: what it is, and how large its parts become, before any part is held in memory.

use std::io::{self, Cursor, Read};

use zip::ZipArchive;

use super::damaged;
use crate::Unreadable;

const ZIP: &[u8] = b"PK\x03\x04";

/// The container of `.xls`, and of an `.xlsx` with a password.
const OLE: &[u8] = b"\xD0\xCF\x11\xE0";

/// The most bytes of all sheets together, which are read cell by cell: twice what 50,000 guests need.
const MAX_SHEETS: u64 = 32 * 1024 * 1024;

/// The most bytes of all other parts, which calamine holds in memory, up to eight times as large (measured).
const MAX_OTHERS: u64 = 12 * 1024 * 1024;

/// The most bytes of the styles, which calamine holds up to thirty times as large (measured).
const MAX_STYLES: u64 = 1024 * 1024;

/// Whether the file is packed as spreadsheets are.
pub(crate) fn is_package(file: &[u8]) -> bool {
    file.starts_with(ZIP) || file.starts_with(OLE)
}

/// Refuses a package that is no `.xlsx`, and one that would take too much memory.
pub(super) fn check(file: &[u8]) -> Result<(), Unreadable> {
    if file.starts_with(OLE) {
        return Err(of_ole(file));
    }
    let mut package = ZipArchive::new(Cursor::new(file)).map_err(damaged)?;
    let mut has_workbook = false;
    let (mut sheets, mut others) = (MAX_SHEETS, MAX_OTHERS);
    for at in 0..package.len() {
        let part = package.by_index(at).map_err(damaged)?;
        // names are compared as calamine does
        let name = part.name().map_err(damaged)?;
        let name = name.replace('\\', "/").to_ascii_lowercase();
        has_workbook |= is_workbook(&name);
        if name.contains("/worksheets/") {
            let size = io::copy(&mut part.take(sheets + 1), &mut io::sink()).map_err(damaged)?;
            let left = sheets.checked_sub(size);
            sheets = left.ok_or(Unreadable::SpreadsheetTooLarge)?;
        } else {
            check_in_memory(&name, part, &mut others)?;
        }
    }
    if has_workbook {
        Ok(())
    } else {
        Err(Unreadable::OtherSpreadsheet)
    }
}

/// The directory of an encrypted package names its stream in UTF-16.
fn of_ole(file: &[u8]) -> Unreadable {
    let name: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    if file.windows(name.len()).any(|window| window == name) {
        Unreadable::ProtectedSpreadsheet
    } else {
        Unreadable::OtherSpreadsheet
    }
}

/// `xl/workbook.xml`, which some programs number.
fn is_workbook(name: &str) -> bool {
    let (_, file) = name.rsplit_once('/').unwrap_or(("", name));
    let stem = file.strip_suffix(".xml");
    stem.is_some_and(|stem| stem.starts_with("workbook"))
}

/// Checks a part that calamine holds in memory, and subtracts its size from what is left.
fn check_in_memory(name: &str, part: impl Read, left: &mut u64) -> Result<(), Unreadable> {
    let is_styles = name.ends_with("styles.xml");
    let most = (*left).min(if is_styles { MAX_STYLES } else { MAX_OTHERS });
    let mut bytes = Vec::new();
    let size = part
        .take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(damaged)? as u64;
    if size > most {
        return Err(Unreadable::SpreadsheetTooLarge);
    }
    *left -= size;
    if is_bounded(name, &bytes) {
        Ok(())
    } else {
        Err(Unreadable::DamagedSpreadsheet)
    }
}

/// Whether the size of a part bounds the memory that calamine takes for it.
fn is_bounded(name: &str, part: &[u8]) -> bool {
    if name == "_rels/.rels" {
        plain(part).is_some_and(|xml| !leads_to_sheets(xml))
    } else if name.ends_with("sharedstrings.xml") {
        plain(part).is_some_and(|xml| claimed_texts(xml) <= part.len())
    } else {
        true
    }
}

/// XML whose words are what their bytes say: UTF-16 has zero bytes, and an escape character begins another encoding.
fn plain(bytes: &[u8]) -> Option<&str> {
    let xml = std::str::from_utf8(bytes).ok()?;
    (!xml.contains(['\0', '\x1B'])).then_some(xml)
}

/// A workbook among the sheets would be held in memory, as large as sheets may be.
fn leads_to_sheets(relations: &str) -> bool {
    relations.contains('&') || relations.to_ascii_lowercase().contains("worksheets")
}

/// How many texts the part claims to hold: calamine reserves memory for all of them at once.
fn claimed_texts(xml: &str) -> usize {
    let claims = xml.split("uniqueCount").skip(1).map(|rest| {
        let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || "='\"".contains(c));
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next();
        digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
    });
    claims.max().unwrap_or(0)
}
