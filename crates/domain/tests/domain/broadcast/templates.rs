//! What templates become, and what is wrong with some.

use domain::{
    broadcast::{Addressee, Named, Placeholder, RenderError, Template, TemplateMistake},
    config::Language,
    message_text::{InvalidText, MessageText},
};
use rstest::rstest;

use super::people::{anna, some_contact, template};

#[rstest]
#[case("Ciao!", "Ciao!")]
#[case("Ciao {name}!", "Ciao Anna Rossi!")]
#[case("{first_name}, {household}", "Anna, Famiglia Rossi")]
#[case("{ name }{Name}", "Anna RossiAnna Rossi")]
#[case("{{name}} | }}{{", "{name} | }{")]
#[case("{{{name}}}", "{Anna Rossi}")]
#[case("{a|a} {b {first_name}|b {first_name}}", "a b Anna")]
#[case("{, cara|, cara}{|}", ", cara")]
#[case("🎉 {first_name} 🎉\nA domani", "🎉 Anna 🎉\nA domani")]
fn a_template_becomes_a_text(#[case] source: &str, #[case] text: &str) {
    let rendered = template(source).render(&anna(some_contact(1)));
    assert_eq!(rendered.as_ref().map(MessageText::as_str), Ok(text));
}

#[rstest]
#[case("", 0, TemplateMistake::Text(InvalidText::Empty))]
#[case(" \n", 0, TemplateMistake::Text(InvalidText::Empty))]
#[case("a\0", 0, TemplateMistake::Text(InvalidText::Nul))]
#[case("Ciao {name", 5, TemplateMistake::Unclosed)]
#[case("Ciao {Anna|{name", 11, TemplateMistake::Unclosed)]
#[case("Ciao {Anna|{name}", 5, TemplateMistake::Unclosed)]
#[case("Ciao {", 5, TemplateMistake::Unclosed)]
#[case("Ciao name}", 9, TemplateMistake::Stray)]
#[case("èé {name}}", 9, TemplateMistake::Stray)]
#[case("Ciao {}", 5, TemplateMistake::Empty)]
#[case("Ciao { }", 5, TemplateMistake::Empty)]
#[case("Ciao {nome}", 5, TemplateMistake::Unknown("nome".to_owned()))]
#[case("{Ciao|Salve {nome}}", 12, TemplateMistake::Unknown("nome".to_owned()))]
#[case("{Ciao {name}}", 0, TemplateMistake::Single)]
#[case("{Ciao|{a|b}}", 6, TemplateMistake::Nested)]
#[case("{Ciao|{{a}}}", 6, TemplateMistake::Nested)]
fn a_mistake_is_found_where_it_is(
    #[case] source: &str,
    #[case] at: usize,
    #[case] mistake: TemplateMistake,
) {
    let error = Template::parse(source).expect_err("a mistake");
    assert_eq!((error.at, error.mistake), (at, mistake));
}

#[test]
fn a_mistake_says_what_to_do() {
    let error = Template::parse("Ciao {nome}").expect_err("a mistake");
    assert_eq!(
        error.to_string(),
        "at character 6: {nome} is not known: use one of {name}, {first_name}, {household}, \
         or write {{nome}} if you mean braces"
    );
    let error = Template::parse("Ciao {name").expect_err("a mistake");
    assert_eq!(
        error.to_string(),
        "at character 6: this brace is never closed: write } after it, or {{ if you mean a brace"
    );
    assert_eq!(error.mistake.code(), "unclosed_brace");
}

#[rstest]
#[case(&["Anna Rossi"], "Anna Rossi", "Anna")]
#[case(&["Anna", "Marco"], "Anna e Marco", "Anna e Marco")]
#[case(&["Anna", "Elena"], "Anna ed Elena", "Anna ed Elena")]
#[case(&["Anna", "Ugo", "Èva"], "Anna, Ugo ed Èva", "Anna, Ugo ed Èva")]
#[case(&["Anna Rossi", "Anna Bianchi"], "Anna Rossi e Anna Bianchi", "Anna")]
#[case(&[" Anna  Maria ", ""], "Anna  Maria", "Anna")]
fn guests_who_share_a_phone_are_named_together(
    #[case] names: &[&str],
    #[case] whole: &str,
    #[case] first: &str,
) {
    assert_eq!(say("{name}", names, Language::Italian), whole);
    assert_eq!(say("{first_name}", names, Language::Italian), first);
}

#[test]
fn the_word_between_names_is_of_their_language() {
    let names = ["Anna", "Ernest", "Eve"];
    assert_eq!(
        say("{name}", &names, Language::English),
        "Anna, Ernest and Eve"
    );
}

fn say(source: &str, names: &[&str], language: Language) -> String {
    let guest = |name| Named {
        name,
        household: None,
    };
    let guests: Vec<_> = names.iter().copied().map(guest).collect();
    let to = Addressee::of(some_contact(1), &guests, language);
    String::from(template(source).render(&to).expect("a text"))
}

#[test]
fn a_missing_value_is_an_error_and_never_a_gap() {
    let alone = Named {
        name: "Anna",
        household: None,
    };
    let blank = Named {
        name: " ",
        household: Some(" "),
    };
    for (guest, missing) in [(alone, Placeholder::Household), (blank, Placeholder::Name)] {
        let to = Addressee::of(some_contact(1), &[guest], Language::Italian);
        let rendered = template("{name} {household}").render(&to);
        assert_eq!(rendered, Err(RenderError::Missing(missing)));
    }
    let sentence = RenderError::Missing(Placeholder::Household).to_string();
    assert!(
        sentence.starts_with("{household} is not known"),
        "{sentence}"
    );
}

#[test]
fn what_is_filled_in_is_no_template() {
    let to = Addressee::of(
        some_contact(1),
        &[Named {
            name: "{household}|{",
            household: None,
        }],
        Language::Italian,
    );
    let text = template("{name}").render(&to).expect("a text");
    assert_eq!(text.as_str(), "{household}|{");
}

#[test]
fn what_comes_out_is_a_text_or_an_error() {
    let to = anna(some_contact(1));
    assert_eq!(
        template("{ | }").render(&to),
        Err(RenderError::Text(InvalidText::Empty))
    );
    let long = "x".repeat(MessageText::MAX_CHARS - 6) + "{name}";
    assert!(matches!(
        template(&long).render(&to),
        Err(RenderError::Text(InvalidText::TooLong(_)))
    ));
}

#[rstest]
#[case("{name}", true)]
#[case("{Ciao {first_name}|Salve {name}}", true)]
#[case("{Ciao {first_name}|Salve}", false)]
#[case("{household}", false)]
#[case("{{name}}", false)]
fn it_is_known_whether_every_copy_says_a_name(#[case] source: &str, #[case] says: bool) {
    assert_eq!(template(source).says_name(), says);
}

#[test]
fn nothing_of_it_is_in_a_log() {
    let shown = format!(
        "{:?} {:?}",
        template("segreto {name}"),
        anna(some_contact(1))
    );
    assert!(
        !shown.contains("segreto") && !shown.contains("Anna"),
        "{shown}"
    );
}
