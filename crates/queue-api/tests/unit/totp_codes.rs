use rstest::rstest;

use super::*;

/// The secret and the codes of RFC 6238, appendix B, cut to six digits.
#[rstest]
#[case::its_step(59, "287082", Some(1))]
#[case::with_a_gap(59, " 287 082 ", Some(1))]
#[case::a_step_late(89, "287082", Some(1))]
#[case::two_steps_late(90, "287082", None)]
#[case::a_step_early(1_111_111_080, "050471", Some(37_037_037))]
#[case::two_steps_early(1_111_111_079, "050471", None)]
#[case::no_digits(59, "28708x", None)]
#[case::nothing(59, "", None)]
fn a_code_is_right_in_its_step_and_one_beside_it(
    #[case] seconds: i64,
    #[case] code: &str,
    #[case] step: Option<i64>,
) {
    let secret = SecretString::from("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    let now = Timestamp::from_timestamp(seconds, 0).unwrap();
    assert_eq!(step_of(&secret, code, now), step);
}
