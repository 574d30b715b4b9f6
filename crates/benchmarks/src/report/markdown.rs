//! The page that is kept with the code.

use std::fmt::Write as _;

use crate::machine::Machine;

use super::{Section, verdict};

const BEGINNING: &str = "# Benchmarks

Written by `make bench`. What is promised, and what one machine measured on one day; another machine measures otherwise.

";

pub(super) fn page(machine: &Machine, sections: &[Section]) -> String {
    let mut page = BEGINNING.to_owned();
    page.push_str("| | |\n| --- | --- |\n");
    for (name, value) in machine.facts() {
        // writing to a String cannot fail
        let _ = writeln!(page, "| {name} | {value} |");
    }
    for section in sections {
        let _ = write!(page, "\n## {}\n\n{}\n\n", section.title, section.how);
        page.push_str("| on | promised | measured | holds |\n| --- | --- | --- | --- |\n");
        for line in &section.lines {
            let holds = verdict(line.holds);
            let _ = writeln!(
                page,
                "| {} | {} | {} | {holds} |",
                line.on, line.promised, line.measured
            );
        }
    }
    page
}
