//! Tests of `problem/redact.rs`, with its private items.

use rstest::rstest;

use super::*;

#[rstest]
#[case(
    r#"invalid type: string "+39 333 1234567", expected u8 at line 1 column 9"#,
    "invalid type: string, expected u8"
)]
#[case(
    "invalid type: integer `393331234567`, expected a string",
    "invalid type: integer, expected a string"
)]
#[case(
    r#"invalid value: string "a, expected b", expected c"#,
    "invalid value: string, expected c"
)]
#[case("invalid type: null, expected u8", "invalid type: null, expected u8")]
#[case(
    "invalid value: +393331234567, expected x",
    "invalid value: another value, expected x"
)]
#[case(
    "unknown variant `+39333`, expected one of `a`, `b`",
    "unknown variant, expected one of `a`, `b`"
)]
#[case(
    "unknown variant `a, expected me`, there are no variants",
    "unknown variant, there are no variants"
)]
#[case(
    "unknown field `coulor`, expected `colour`",
    "unknown field `coulor`, expected `colour`"
)]
#[case(
    "unknown field `+39333`, expected `colour`",
    "unknown field, expected `colour`"
)]
#[case(
    "unknown field `39 invalid type: string`, expected `a`",
    "unknown field, expected `a`"
)]
#[case("n: invalid digit found in string", "n: invalid digit found in string")]
#[case("missing field `name` at line 2 column 1", "missing field `name`")]
#[case(r#"n: invalid type: string "x""#, "n: invalid type: string")]
fn values_are_cut_and_expectations_stay(#[case] complaint: &str, #[case] shown: &str) {
    assert_eq!(without_values(complaint), shown);
}
