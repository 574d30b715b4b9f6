//! What is said with a guest, both ways.

text_enum! {
    /// Who wrote a message of a conversation.
    pub enum Origin("origin") {
        /// The guest.
        Guest = "guest",
        /// The queue.
        Queue = "queue",
        /// A spouse, by hand on the phone.
        Phone = "phone",
        /// One of ours, seen while one of the queue's was under way: who wrote it shows when that ends.
        Parked = "parked",
    }
}
