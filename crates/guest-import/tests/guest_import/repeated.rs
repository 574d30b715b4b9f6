//! The same guest twice in one file.

use crate::world::{expected, lines, told};

#[test]
fn the_second_of_two_equal_guests_names_the_first() {
    let lines = lines("nome;telefono\nAnna;347 000 0001\nLuca;347 000 0001\nanna;+39 3470000001\n");
    assert_eq!(
        told(&lines),
        expected(&[
            (2, "Anna 393470000001"),
            (3, "Luca 393470000001"),
            (4, "same_as_line")
        ])
    );
    let problem = lines[2].guest.as_ref().expect_err("a repetition");
    assert!(
        problem.to_string().contains("line 2 means the same guest"),
        "{problem}"
    );
}

#[test]
fn a_third_names_the_first_too() {
    let lines = lines("nome\nAnna\nAnna\nAnna\n");
    let third = lines[2]
        .guest
        .as_ref()
        .expect_err("a repetition")
        .to_string();
    assert!(third.contains("line 2 means the same guest"), "{third}");
}

#[test]
fn equal_names_without_numbers_in_two_households_are_two_people() {
    let lines = lines("nome;famiglia\nLuca;Rossi\nLuca;Bianchi\nLuca;rossi\n");
    assert_eq!(
        told(&lines),
        expected(&[(2, "Luca"), (3, "Luca"), (4, "same_as_line")])
    );
}

#[test]
fn a_refused_line_is_nobodys_twin() {
    let lines = lines("nome;lingua\nAnna;Klingon\nAnna;it\n");
    assert_eq!(
        told(&lines),
        expected(&[(2, "unknown_language"), (3, "Anna")])
    );
}

#[test]
fn cards_repeat_too() {
    let card = "BEGIN:VCARD\nFN:Anna\nTEL:3470000001\nEND:VCARD\n";
    let lines = lines(card.repeat(2));
    assert_eq!(
        told(&lines),
        expected(&[(1, "Anna 393470000001"), (5, "same_as_line")])
    );
}
