//! Reading a template, character by character: what people type has positions in characters, not in bytes.

use super::{Part, Piece, TemplateError, TemplateMistake};

/// The parts of a template.
pub(super) fn parts(source: &str) -> Result<Vec<Part>, TemplateError> {
    Reader {
        chars: source.chars().collect(),
        at: 0,
    }
    .parts()
}

struct Reader {
    chars: Vec<char>,
    at: usize,
}

impl Reader {
    fn parts(mut self) -> Result<Vec<Part>, TemplateError> {
        let (mut parts, mut text) = (Vec::new(), String::new());
        while let Some(char) = self.next() {
            let at = self.at - 1;
            match char {
                '{' | '}' if self.skip(char) => text.push(char),
                '{' => {
                    let before = std::mem::take(&mut text);
                    parts.extend(written(before).map(Part::Piece));
                    parts.push(self.braces(at)?);
                }
                '}' => return Err(TemplateMistake::Stray.at(at)),
                other => text.push(other),
            }
        }
        parts.extend(written(text).map(Part::Piece));
        Ok(parts)
    }

    /// What stands between braces; the opening one, at `begin`, is read already.
    fn braces(&mut self, begin: usize) -> Result<Part, TemplateError> {
        let (mut options, mut pieces, mut text) = (Vec::new(), Vec::new(), String::new());
        loop {
            let char = self.next().ok_or(TemplateMistake::Unclosed.at(begin))?;
            match char {
                '{' => {
                    pieces.extend(written(std::mem::take(&mut text)));
                    pieces.push(self.inner_value()?);
                }
                '}' if options.is_empty() && pieces.is_empty() => {
                    return value(&text, begin).map(Part::Piece);
                }
                '|' | '}' => {
                    pieces.extend(written(std::mem::take(&mut text)));
                    options.push(std::mem::take(&mut pieces));
                    if char == '}' {
                        return choice(options, begin);
                    }
                }
                other => text.push(other),
            }
        }
    }

    /// A placeholder inside an alternative, whose opening brace is read already.
    fn inner_value(&mut self) -> Result<Piece, TemplateError> {
        let begin = self.at - 1;
        let mut name = String::new();
        loop {
            match self.next() {
                Some('}') => return value(&name, begin),
                Some('{' | '|') => return Err(TemplateMistake::Nested.at(begin)),
                Some(other) => name.push(other),
                None => return Err(TemplateMistake::Unclosed.at(begin)),
            }
        }
    }

    fn next(&mut self) -> Option<char> {
        let char = self.chars.get(self.at).copied();
        self.at += usize::from(char.is_some());
        char
    }

    /// Passes over the next character if it is this one.
    fn skip(&mut self, char: char) -> bool {
        let is = self.chars.get(self.at) == Some(&char);
        self.at += usize::from(is);
        is
    }
}

fn written(text: String) -> Option<Piece> {
    (!text.is_empty()).then_some(Piece::Text(text))
}

fn choice(options: Vec<Vec<Piece>>, begin: usize) -> Result<Part, TemplateError> {
    if options.len() > 1 {
        Ok(Part::Choice(options))
    } else {
        Err(TemplateMistake::Single.at(begin))
    }
}

/// A phone's keyboard begins with a capital: `{Name}` is meant as `{name}`.
fn value(name: &str, begin: usize) -> Result<Piece, TemplateError> {
    let name = name.trim();
    if name.is_empty() {
        return Err(TemplateMistake::Empty.at(begin));
    }
    let known = name.to_lowercase().parse();
    known
        .map(Piece::Value)
        .map_err(|_| TemplateMistake::Unknown(name.to_owned()).at(begin))
}
