-- Gaps and locks belong to the own number, on whichever session it is linked. Each session keeps what it saw of each of its numbers;
-- for a number the longest holds. Nothing reads or writes the columns of the session any more.

ALTER TABLE session_number ADD COLUMN automatic_gap_until BIGINT;
ALTER TABLE session_number ADD COLUMN reply_gap_until BIGINT;
ALTER TABLE session_number ADD COLUMN lock_until BIGINT;
ALTER TABLE session_number ADD COLUMN lock_person BIGINT NOT NULL DEFAULT 0 CHECK (lock_person IN (0, 1));
ALTER TABLE session_number ADD COLUMN lock_reason TEXT;
ALTER TABLE session_number ADD COLUMN lock_count BIGINT NOT NULL DEFAULT 0;

INSERT INTO session_number (session, number, first_connected_at)
SELECT name, own_number, COALESCE(first_connected_at, since) FROM whatsapp_session_status WHERE own_number IS NOT NULL
ON CONFLICT (session, number) DO NOTHING;
UPDATE session_number
SET automatic_gap_until = s.automatic_gap_until, reply_gap_until = s.reply_gap_until, lock_until = s.lock_until,
    lock_person = s.lock_person, lock_reason = s.lock_reason, lock_count = s.lock_count
FROM whatsapp_session_status s WHERE s.name = session_number.session AND s.own_number = session_number.number;

CREATE FUNCTION live_lock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO live_event (kind, subject)
    SELECT 'session', s.name FROM whatsapp_session_status s WHERE s.own_number = NEW.number;
    RETURN NULL;
END $$;
CREATE TRIGGER live_lock AFTER UPDATE ON session_number FOR EACH ROW
    WHEN ((OLD.lock_until, OLD.lock_person) IS DISTINCT FROM (NEW.lock_until, NEW.lock_person))
    EXECUTE FUNCTION live_lock();
