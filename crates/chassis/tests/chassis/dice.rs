use chassis::Dice;
use rand::RngExt;

fn ten(dice: &Dice) -> Vec<u64> {
    (0..10).map(|_| dice.roll(RngExt::random)).collect()
}

#[test]
fn a_seed_decides_every_draw() {
    assert_eq!(ten(&Dice::seeded(7)), ten(&Dice::seeded(7)));
    assert_ne!(ten(&Dice::seeded(7)), ten(&Dice::seeded(8)));
}

#[test]
fn clones_share_one_sequence() {
    let dice = Dice::seeded(7);

    assert_ne!(ten(&dice.clone()), ten(&dice));
}

#[test]
fn the_system_never_deals_the_same_twice() {
    assert_ne!(ten(&Dice::from_os()), ten(&Dice::from_os()));
}

#[test]
fn nobody_reads_the_state() {
    assert_eq!(format!("{:?}", Dice::seeded(7)), "Dice");
}
