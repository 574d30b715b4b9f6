-- What the holder of the session's lease last knew of the machine's clock. A later holder sees by it whether the clock was set
-- while no worker was running.

ALTER TABLE whatsapp_session_status ADD COLUMN clock_boot TEXT;
-- the wall clock minus the steady clock of that boot, in milliseconds
ALTER TABLE whatsapp_session_status ADD COLUMN clock_ahead_ms INTEGER;
ALTER TABLE whatsapp_session_status ADD COLUMN clock_seen_at INTEGER;
-- how far the clock was set forward and not back again, in milliseconds: WhatsApp's times may be that much behind ours
ALTER TABLE whatsapp_session_status ADD COLUMN clock_forward_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE whatsapp_session_status ADD COLUMN clock_set_at INTEGER;
