-- Whether a lock holds replies too. Locks of earlier versions do.
ALTER TABLE session_number ADD COLUMN lock_replies INTEGER NOT NULL DEFAULT 1 CHECK (lock_replies IN (0, 1));
-- The end of the time-lock that WhatsApp named last (0: without an end), and the one that a person unlocked.
ALTER TABLE session_number ADD COLUMN time_lock INTEGER;
ALTER TABLE session_number ADD COLUMN unlocked_time_lock INTEGER;
-- When a person unlocked last: a lock so short after is the next step.
ALTER TABLE session_number ADD COLUMN unlocked_at INTEGER;
-- What WhatsApp says of the messages that the number may still send.
ALTER TABLE session_number ADD COLUMN capping TEXT;
ALTER TABLE session_number ADD COLUMN capping_until INTEGER;
-- Error 463 for one contact while the account was free: when last, and how often since a message was accepted or the contact wrote.
ALTER TABLE contact_session ADD COLUMN refused_at INTEGER;
ALTER TABLE contact_session ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0;
-- What a person wants sent now waits for the end of a lock by itself.
CREATE INDEX queue_locked ON whatsapp_message_queue (session) WHERE wait_reason = 'session_locked';
DROP TRIGGER live_lock;
CREATE TRIGGER live_lock AFTER UPDATE ON session_number
WHEN OLD.lock_until IS NOT NEW.lock_until OR OLD.lock_person IS NOT NEW.lock_person OR OLD.lock_replies IS NOT NEW.lock_replies
    OR OLD.capping IS NOT NEW.capping OR OLD.capping_until IS NOT NEW.capping_until
BEGIN
    INSERT INTO live_event (kind, subject)
    SELECT 'session', s.name FROM whatsapp_session_status s WHERE s.own_number = NEW.number;
END;

-- When a message to the contact was delivered last: one that stays undelivered longer is a warning.
ALTER TABLE contact_session ADD COLUMN delivered_at INTEGER;
-- What was sent until then and is not delivered, a person knows of.
ALTER TABLE contact_session ADD COLUMN undelivered_seen_at INTEGER;
UPDATE contact_session SET delivered_at =
    (SELECT max(q.delivered_at) FROM whatsapp_message_queue q
     WHERE q.contact_id = contact_session.contact_id AND q.session = contact_session.session AND q.own_number = contact_session.own_number);
CREATE INDEX contact_delivered ON contact_session (own_number, delivered_at) WHERE delivered_at IS NOT NULL;
CREATE INDEX queue_undelivered ON whatsapp_message_queue (own_number, sent_at) WHERE status = 'sent' AND delivered_at IS NULL;
ALTER TABLE global_config ADD COLUMN undelivered_hours INTEGER NOT NULL DEFAULT 24;
