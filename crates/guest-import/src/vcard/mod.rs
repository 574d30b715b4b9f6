//! Guests as cards: vCard 2.1, 3.0 and 4.0 as phones export them, one after the other in one file.
//! Only names, numbers and the language are read; photos are stepped over where they lie.

mod card;
mod content_lines;
mod property;

use domain::phone_number::Country;

use crate::{Line, LineProblem, MAX_LINES, Unreadable};
use card::Card;
use content_lines::{BEGIN, ContentLine, ContentLines, END};

/// Whether the first text in the file is the beginning of a card.
pub(crate) fn begins_with_card(file: &[u8]) -> bool {
    file.trim_ascii_start()
        .get(..BEGIN.len())
        .is_some_and(|first| first.eq_ignore_ascii_case(BEGIN))
}

/// Reads every card. A card without an end ends where the next one begins.
pub(crate) fn read(file: &[u8], country: Country) -> Result<Vec<Line>, Unreadable> {
    let mut cards = Cards {
        country,
        lines: Vec::new(),
        open: None,
        outside_told: false,
    };
    for line in ContentLines::new(file) {
        cards.take(&line);
        if cards.lines.len() > MAX_LINES {
            return Err(Unreadable::TooManyLines);
        }
    }
    let ends_with_line = file.ends_with(b"\n") || file.ends_with(b"\r");
    cards.end_of_file(ends_with_line);
    if cards.lines.len() > MAX_LINES {
        return Err(Unreadable::TooManyLines);
    }
    Ok(cards.lines)
}

struct Cards {
    country: Country,
    lines: Vec<Line>,
    open: Option<(u32, Card)>,
    /// Text between cards is told once, at its first line.
    outside_told: bool,
}

impl Cards {
    fn take(&mut self, line: &ContentLine<'_>) {
        if line.is(BEGIN) {
            self.close();
            self.outside_told = false;
            self.open = Some((line.number, Card::default()));
        } else if line.is(END) {
            self.close();
        } else if let Some((_, card)) = &mut self.open {
            card.take(line);
        } else if !line.is_blank() && !self.outside_told {
            self.outside_told = true;
            self.push(line.number, Err(LineProblem::OutsideCard));
        }
    }

    fn close(&mut self) {
        if let Some((number, card)) = self.open.take() {
            let guest = card.guest(self.country);
            self.push(number, guest);
        }
    }

    /// A file that ends in the middle of a line was cut off, and half a number may look like a whole one.
    fn end_of_file(&mut self, ends_with_line: bool) {
        match self.open.take() {
            Some((number, _)) if !ends_with_line => self.push(number, Err(LineProblem::CutOff)),
            open => {
                self.open = open;
                self.close();
            }
        }
    }

    fn push(&mut self, number: u32, guest: Result<crate::DraftGuest, LineProblem>) {
        self.lines.push(Line { number, guest });
    }
}
