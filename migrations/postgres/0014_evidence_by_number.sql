-- Evidence, conversation, slots and counts belong to the own number that was linked to the session.
-- '' is the number of rows of older versions where the session was linked to several numbers: it equals no linked number.

-- Whether own_number is linked, as far as is known. After a log-out it is the number that was linked last.
ALTER TABLE whatsapp_session_status ADD COLUMN linked BIGINT NOT NULL DEFAULT 0 CHECK (linked IN (0, 1));
-- since when own_number replaced another number: what was written before cannot be for it
ALTER TABLE whatsapp_session_status ADD COLUMN number_since BIGINT;
UPDATE whatsapp_session_status SET linked = 1 WHERE own_number IS NOT NULL AND state NOT IN ('qr', 'failed');

DROP TRIGGER live_session ON whatsapp_session_status;
CREATE TRIGGER live_session AFTER UPDATE ON whatsapp_session_status FOR EACH ROW
    WHEN ((OLD.state, OLD.problem, OLD.paused_by, OLD.lock_until, OLD.lock_person, OLD.own_number, OLD.linked)
        IS DISTINCT FROM
        (NEW.state, NEW.problem, NEW.paused_by, NEW.lock_until, NEW.lock_person, NEW.own_number, NEW.linked))
    EXECUTE FUNCTION live_session();

-- The only number that each session was ever linked to.
CREATE TEMPORARY TABLE only_number ON COMMIT DROP AS
    SELECT session, min(number) AS number FROM session_number GROUP BY session HAVING count(*) = 1;

-- What was sent or typed counts for the number that is linked now, so that no limit starts anew.
ALTER TABLE conversation_message ADD COLUMN own_number TEXT NOT NULL DEFAULT '';
UPDATE conversation_message m SET own_number = n.number FROM only_number n WHERE n.session = m.session;
UPDATE conversation_message m SET own_number = COALESCE(s.own_number, '')
FROM whatsapp_session_status s WHERE s.name = m.session AND m.direction = 'outbound' AND m.own_number = '';
DROP INDEX conversation_hand_typed;
CREATE INDEX conversation_hand_typed ON conversation_message (own_number, at) WHERE origin = 'phone';

ALTER TABLE send_reservation ADD COLUMN own_number TEXT NOT NULL DEFAULT '';
UPDATE send_reservation r SET own_number = COALESCE(s.own_number, '')
FROM whatsapp_session_status s WHERE s.name = r.session;
CREATE INDEX reservation_of_number ON send_reservation (own_number, committed_at) WHERE state = 'committed';

ALTER TABLE contact_session ADD COLUMN own_number TEXT NOT NULL DEFAULT '';
UPDATE contact_session c SET own_number = n.number FROM only_number n WHERE n.session = c.session;
ALTER TABLE contact_session ALTER COLUMN own_number DROP DEFAULT;
ALTER TABLE contact_session DROP CONSTRAINT contact_session_pkey;
ALTER TABLE contact_session ADD PRIMARY KEY (contact_id, session, own_number);

-- the own number that the newest attempt was decided for
ALTER TABLE whatsapp_message_queue ADD COLUMN own_number TEXT;
UPDATE whatsapp_message_queue q SET own_number = e.own_number FROM conversation_message e WHERE e.id = q.evidence_id;
UPDATE whatsapp_message_queue
SET due = 0, eligible_at = NULL, wait_reason = 'guest_has_not_written', wait_ends = 'event:contact_writes'
WHERE status = 'pending' AND session NOT IN (SELECT session FROM only_number) AND (wait_ends IS NULL OR wait_ends NOT LIKE 'person:%');

-- Nobody is written to who has not written first to the number that writes: held by the database itself.
DO $$
DECLARE
    evidence_key TEXT;
BEGIN
    SELECT conname INTO STRICT evidence_key FROM pg_constraint
    WHERE conrelid = 'whatsapp_message_queue'::regclass AND confrelid = 'conversation_message'::regclass AND cardinality(conkey) = 4;
    EXECUTE format('ALTER TABLE whatsapp_message_queue DROP CONSTRAINT %I', evidence_key);
    SELECT conname INTO STRICT evidence_key FROM pg_constraint
    WHERE conrelid = 'conversation_message'::regclass AND contype = 'u' AND cardinality(conkey) = 4;
    EXECUTE format('ALTER TABLE conversation_message DROP CONSTRAINT %I', evidence_key);
END $$;
ALTER TABLE conversation_message ADD CONSTRAINT conversation_evidence UNIQUE (id, session, own_number, contact_id, direction);
ALTER TABLE whatsapp_message_queue ADD CHECK (evidence_id IS NULL OR own_number IS NOT NULL);
ALTER TABLE whatsapp_message_queue ADD CONSTRAINT queue_evidence_by_number
    FOREIGN KEY (evidence_id, session, own_number, contact_id, evidence_direction)
    REFERENCES conversation_message (id, session, own_number, contact_id, direction) ON UPDATE CASCADE;
