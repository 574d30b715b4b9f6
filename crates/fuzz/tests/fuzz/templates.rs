//! Templates of announcements. The first two lines of an input are a guest's name and household, the rest is the template.

use domain::Timestamp;
use domain::broadcast::{Addressee, Named, RenderError, Template, TemplateMistake};
use domain::config::Language;
use domain::ids::ContactId;
use domain::message_text::MessageText;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::harness::Target;

const TEMPLATES: Target = Target {
    name: "templates",
    words: &[
        b"{",
        b"}",
        b"{{",
        b"}}",
        b"|",
        b"{name}",
        b"{Name}",
        b"{ first_name }",
        b"{household}",
        b"{Ciao|Salve}",
        b"{|}",
        b"{a|{name}}",
        b"{a|{b|c}}",
        b"{}",
        b"{nome}",
        b"\0",
        b"\n",
        b"\xF0\x9F\x92\x8C",
        b"\xE2\x80\xAE",
        b"https://example.org/i/K7M-Q4XR-P2W9",
        b"\xC4\xB0",
    ],
    round: 8_000,
};

#[test]
fn templates() {
    TEMPLATES.run(check);
}

/// Asserts what holds for any text and returns how it was read.
pub(crate) fn check(input: &[u8]) -> String {
    let text = String::from_utf8_lossy(input);
    let mut lines = text.splitn(3, '\n');
    let mut line = || lines.next().unwrap_or_default();
    let (name, household, source) = (line(), line(), line());
    said_as_it_is(source);
    let template = match Template::parse(source) {
        Ok(template) => template,
        Err(error) => {
            let inside = error.at < source.chars().count();
            let whole = matches!(error.mistake, TemplateMistake::Text(_));
            assert!(
                inside || whole,
                "the mistake is outside of the text: {error}"
            );
            return error.mistake.code().to_owned();
        }
    };
    let stored = Template::parse(template.as_str());
    assert!(stored == Ok(template.clone()), "a template reads back");
    render(&template, name, household)
}

fn render(template: &Template, name: &str, household: &str) -> String {
    let known = (!household.is_empty()).then_some(household);
    // the name's own braces are text: what is filled in is never read as a template
    let text = match template.render(&guest(name, known)) {
        Ok(text) => text,
        Err(RenderError::Missing(placeholder)) => {
            let unknown = name.trim().is_empty() || household.trim().is_empty();
            assert!(unknown, "{placeholder} is missing of a guest who has it");
            return format!("missing {placeholder}");
        }
        Err(RenderError::Text(problem)) => return format!("{problem:?}").chars().take(5).collect(),
    };
    assert!(
        MessageText::parse(text.as_str()).as_ref() == Ok(&text),
        "the text can be sent"
    );
    // each placeholder takes six characters or more, so the text has a limit by its parts
    let longest = name.len() + household.len() + 1;
    let limit = template.as_str().len() * longest.max(1);
    assert!(
        text.as_str().len() <= limit,
        "{} bytes of a template of {}",
        text.as_str().len(),
        template.as_str().len()
    );
    let plain = template
        .render(&guest("Q", Some("Q")))
        .expect("every value is known");
    let escapes = template.as_str().contains("{{") || template.as_str().contains("}}");
    let leftover = plain.as_str().contains(['{', '}']);
    assert!(
        escapes || !leftover,
        "a brace is left over in {:?}",
        plain.as_str()
    );
    format!("text {escapes} {}", template.says_name())
}

/// Any text is said as it is when its braces are doubled.
fn said_as_it_is(text: &str) {
    if MessageText::parse(text).is_err() {
        return;
    }
    let escaped = text.replace('{', "{{").replace('}', "}}");
    let Ok(template) = Template::parse(escaped.as_str()) else {
        let too_long = escaped.chars().count() > MessageText::MAX_CHARS;
        assert!(too_long, "escaped text is refused: {escaped:?}");
        return;
    };
    let said = template
        .render(&guest("Anna", None))
        .expect("no value is needed");
    assert_eq!(said.as_str(), text, "escaped text changes");
}

fn guest(name: &str, household: Option<&str>) -> Addressee {
    let contact = ContactId::new(Timestamp::UNIX_EPOCH, &mut StdRng::seed_from_u64(1));
    Addressee::of(contact, &[Named { name, household }], Language::Italian)
}
