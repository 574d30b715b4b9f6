//! The behaviour suite: every story is told to both databases (design §7).
#![expect(
    clippy::unwrap_used,
    reason = "a helper of a test panics as the test would"
)]
#![expect(
    clippy::too_many_lines,
    reason = "tables of cases are as long as what they cover"
)]

mod accounts;
mod acks;
mod answers;
mod becoming_known;
mod both_spouses;
mod broadcasts;
mod broken_commits;
mod cast;
mod changed_texts;
mod changing;
mod claim_order;
mod claim_waits;
mod claiming;
mod clock_messages;
mod clock_steps;
mod committing;
mod contact_refusals;
mod conversation_list;
mod conversations;
mod earlier_sends;
mod editing;
mod enqueueing;
mod erasing;
mod evidence;
mod expiring;
mod explaining;
mod failed_sessions;
mod files;
mod finishing;
mod first_contact;
mod full_disk;
mod giving_back;
mod growth;
mod guest_book;
mod guest_edits;
mod guest_list;
mod households;
mod ignored_writers;
mod importing;
mod importing_much;
mod inbound;
mod interleavings;
mod invitations;
mod inviting;
mod late_truth;
mod late_words;
mod leases;
mod listed_seats;
mod live;
mod lost_wake_ups;
mod measured_calls;
mod meeting;
mod merged_facts;
mod merged_wishes;
mod merging;
mod orders;
mod outages;
mod own_events;
mod own_identity;
mod own_identity_by_hand;
mod own_numbers;
mod people;
mod reading;
mod receipts;
mod recipients;
mod refused_connections;
mod resting_tokens;
mod restrictions;
mod retention;
mod same_words;
mod scenes;
mod seats;
mod second_factor;
mod separated;
mod session_states;
mod settings;
mod settling;
mod small_facts;
mod stage;
mod steering;
mod transitions;
mod two_workers;
mod tying;
mod tying_by_hand;
mod undelivered;
mod unknown_writers;
mod unreadable;
mod unrecorded;
mod upgrading;
mod waking;
mod wishes;
