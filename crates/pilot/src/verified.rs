//! The row of a run in the table of `docs/waha.md` that tells what was verified, how, by whom and when.

use chrono::NaiveDate;

use crate::transcript::Server;

/// The table's head; the row for all other releases stands last.
const HEAD: &str = "| release | engine | how | by | when |";
const OTHERS: &str = "| every other |";
const RECORDINGS: &str = "| recordings of a server |";

/// The document has no such table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the document has no table of what was verified")]
pub struct NoTable;

/// The document with a row for that server, verified with a real account. Its earlier row of that kind and "release notes only" go; the row of
/// its recordings stays.
pub fn with_row(
    document: &str,
    server: &Server,
    by: &str,
    when: NaiveDate,
) -> Result<String, NoTable> {
    let (before, table) = document.split_once(HEAD).ok_or(NoTable)?;
    let others = table.find(OTHERS).ok_or(NoTable)?;
    let (rows, after) = table.split_at(others);
    let beginning = format!("| {} | {} |", server.release, server.engine);
    let kept: String = rows
        .split_inclusive('\n')
        .filter(|row| !row.starts_with(&beginning) || row.contains(RECORDINGS))
        .collect();
    let by = by.replace(['|', '\n'], " ");
    let row = format!("{beginning} a real account | {by} | {when} |\n");
    Ok([before, HEAD, &kept, &row, after].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "x\n\n| release | engine | how | by | when |\n| --- | --- | --- | --- | --- |\n\
         | 2026.10.1 | GOWS | release notes only | the maintainers | 2026-11-30 |\n| every other | every other | y | z | w |\n";

    fn server(engine: &str) -> Server {
        Server {
            release: "2026.10.1".to_owned(),
            engine: engine.to_owned(),
        }
    }

    #[test]
    fn a_row_takes_the_place_of_the_servers_own_and_of_no_other() {
        let day = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
        let once = with_row(DOCUMENT, &server("GOWS"), "A | B", day).unwrap();
        assert!(!once.contains("release notes only"), "{once}");
        assert!(
            once.contains(
                "| 2026.10.1 | GOWS | a real account | A   B | 2026-12-01 |\n| every other |"
            ),
            "{once}"
        );
        let twice = with_row(&once, &server("NOWEB"), "C", day).unwrap();
        assert!(twice.contains("| GOWS | a real account |"), "{twice}");
        assert_eq!(twice.lines().count(), once.lines().count() + 1);
        assert_eq!(with_row("", &server("GOWS"), "A", day), Err(NoTable));
    }

    #[test]
    fn the_row_of_the_recordings_stays() {
        let recorded =
            "| 2026.10.1 | GOWS | recordings of a server | the maintainers | 2026-11-23 |\n";
        let document = DOCUMENT.replace("| every other |", &format!("{recorded}| every other |"));
        let day = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
        let row = "| 2026.10.1 | GOWS | a real account | A | 2026-12-01 |\n";
        let once = with_row(&document, &server("GOWS"), "A", day).unwrap();
        assert!(once.contains(&format!("{recorded}{row}")), "{once}");
        assert_eq!(with_row(&once, &server("GOWS"), "A", day), Ok(once));
    }
}
