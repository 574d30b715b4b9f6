-- When the contact last wrote that they want messages again, by WhatsApp's clock: their own earlier words may be found later. NULL: never,
-- as far as is known; an earlier version kept it in opted_in_at.
ALTER TABLE contact ADD COLUMN opt_in_told_at INTEGER;

-- Since when the guest could see that this attempt was being prepared: the account online, their message read.
ALTER TABLE send_reservation ADD COLUMN begun_at INTEGER;

-- When the lease was taken or renewed last. A time to come: the clock was set back since.
ALTER TABLE whatsapp_session_status ADD COLUMN lease_renewed_at INTEGER;
