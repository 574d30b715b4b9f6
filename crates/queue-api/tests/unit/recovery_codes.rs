use super::*;

#[test]
fn a_code_is_the_same_however_it_is_typed() {
    let codes = fresh(&Dice::seeded(7));
    assert_eq!(codes.len(), COUNT);
    for code in &codes {
        assert_eq!(code.len(), 32, "{code}");
        let hash = hash_of(code);
        assert!(hash.is_some(), "{code}");
        let typed = format!(" {} ", code.to_uppercase().replace('-', " "));
        assert_eq!(hash_of(&typed), hash);
        let misread = code.replace('0', "o").replace('1', "l");
        assert_eq!(hash_of(&misread), hash, "{misread}");
        assert_eq!(hash_of(&code[1..]), None);
    }
    assert_ne!(hash_of(&codes[0]), hash_of(&codes[1]));
    assert_eq!(hash_of(""), None);
}
