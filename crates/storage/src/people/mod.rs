//! The people behind the messages: WhatsApp identities (contacts), the guest list and its households.

mod before;
mod contacts;
mod conversation;
mod conversation_list;
mod deciding;
mod editing;
mod erasing;
mod guest_book;
mod guest_field;
mod guests;
mod household_list;
mod household_phones;
mod households;
mod households_sql;
mod import;
mod invitation_cards;
mod invitation_changes;
mod invitations;
mod leaving;
mod recipients;

pub use contacts::{ContactRow, ContactSessionRow};
pub use conversation::{ConversationRow, Quoted};
pub use conversation_list::{ConversationFilter, ConversationLine};
pub use deciding::Decision as ContactDecision;
pub use editing::GuestEdit;
pub use erasing::{Erasable, Erased};
pub use guest_book::{BookCounts, BookGuest, BookHousehold, GuestFilter, GuestState};
pub use guest_field::GuestField;
pub use guests::{GuestRow, NewGuest};
pub use household_list::{HouseholdNaming, HouseholdPeople, HouseholdRow, TiedContact};
pub use household_phones::{HouseholdPhone, PhoneAssigned, PhoneOwner};
pub use import::{ImportLine, Imported, LinePlan, RefusedLines};
pub use invitation_changes::InvitationChange;
pub use invitations::{InvitationRow, Invited};
pub use recipients::Recipient;
