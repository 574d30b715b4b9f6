-- Whether a lock holds replies too. Locks of earlier versions do.
ALTER TABLE session_number ADD COLUMN lock_replies BIGINT NOT NULL DEFAULT 1 CHECK (lock_replies IN (0, 1));
-- The end of the time-lock that WhatsApp named last (0: without an end), and the one that a person unlocked.
ALTER TABLE session_number ADD COLUMN time_lock BIGINT;
ALTER TABLE session_number ADD COLUMN unlocked_time_lock BIGINT;
-- When a person unlocked last: a lock so short after is the next step.
ALTER TABLE session_number ADD COLUMN unlocked_at BIGINT;
-- What WhatsApp says of the messages that the number may still send.
ALTER TABLE session_number ADD COLUMN capping TEXT;
ALTER TABLE session_number ADD COLUMN capping_until BIGINT;
-- Error 463 for one contact while the account was free: when last, and how often since a message was accepted or the contact wrote.
ALTER TABLE contact_session ADD COLUMN refused_at BIGINT;
ALTER TABLE contact_session ADD COLUMN refusals BIGINT NOT NULL DEFAULT 0;
-- What a person wants sent now waits for the end of a lock by itself.
CREATE INDEX queue_locked ON whatsapp_message_queue (session) WHERE wait_reason = 'session_locked';
DROP TRIGGER live_lock ON session_number;
CREATE TRIGGER live_lock AFTER UPDATE ON session_number FOR EACH ROW
    WHEN ((OLD.lock_until, OLD.lock_person, OLD.lock_replies, OLD.capping, OLD.capping_until)
        IS DISTINCT FROM (NEW.lock_until, NEW.lock_person, NEW.lock_replies, NEW.capping, NEW.capping_until))
    EXECUTE FUNCTION live_lock();

-- When a message to the contact was delivered last: one that stays undelivered longer is a warning.
ALTER TABLE contact_session ADD COLUMN delivered_at BIGINT;
-- What was sent until then and is not delivered, a person knows of.
ALTER TABLE contact_session ADD COLUMN undelivered_seen_at BIGINT;
UPDATE contact_session SET delivered_at =
    (SELECT max(q.delivered_at) FROM whatsapp_message_queue q
     WHERE q.contact_id = contact_session.contact_id AND q.session = contact_session.session AND q.own_number = contact_session.own_number);
CREATE INDEX contact_delivered ON contact_session (own_number, delivered_at) WHERE delivered_at IS NOT NULL;
CREATE INDEX queue_undelivered ON whatsapp_message_queue (own_number, sent_at) WHERE status = 'sent' AND delivered_at IS NULL;
ALTER TABLE global_config ADD COLUMN undelivered_hours BIGINT NOT NULL DEFAULT 24;
