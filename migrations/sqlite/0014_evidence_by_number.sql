-- Evidence, conversation, slots and counts belong to the own number that was linked to the session.
-- '' is the number of rows of older versions where the session was linked to several numbers: it equals no linked number.

-- Whether own_number is linked, as far as is known. After a log-out it is the number that was linked last.
ALTER TABLE whatsapp_session_status ADD COLUMN linked INTEGER NOT NULL DEFAULT 0 CHECK (linked IN (0, 1));
-- since when own_number replaced another number: what was written before cannot be for it
ALTER TABLE whatsapp_session_status ADD COLUMN number_since INTEGER;
UPDATE whatsapp_session_status SET linked = 1 WHERE own_number IS NOT NULL AND state NOT IN ('qr', 'failed');

DROP TRIGGER live_session;
CREATE TRIGGER live_session AFTER UPDATE ON whatsapp_session_status
WHEN OLD.state IS NOT NEW.state OR OLD.problem IS NOT NEW.problem OR OLD.paused_by IS NOT NEW.paused_by
    OR OLD.lock_until IS NOT NEW.lock_until OR OLD.lock_person IS NOT NEW.lock_person OR OLD.own_number IS NOT NEW.own_number
    OR OLD.linked IS NOT NEW.linked
BEGIN
    INSERT INTO live_event (kind, subject) VALUES ('session', NEW.name);
END;

-- The only number that each session was ever linked to.
CREATE TEMPORARY TABLE only_number AS
    SELECT session, min(number) AS number FROM session_number GROUP BY session HAVING count(*) = 1;

-- What was sent or typed counts for the number that is linked now, so that no limit starts anew.
ALTER TABLE conversation_message ADD COLUMN own_number TEXT NOT NULL DEFAULT '';
UPDATE conversation_message SET own_number = (SELECT n.number FROM only_number n WHERE n.session = conversation_message.session)
WHERE session IN (SELECT session FROM only_number);
UPDATE conversation_message
SET own_number = COALESCE((SELECT s.own_number FROM whatsapp_session_status s WHERE s.name = conversation_message.session), '')
WHERE direction = 'outbound' AND own_number = '';
-- what the foreign key of a message's evidence points at
CREATE UNIQUE INDEX conversation_evidence ON conversation_message (id, session, own_number, contact_id, direction);
DROP INDEX conversation_hand_typed;
CREATE INDEX conversation_hand_typed ON conversation_message (own_number, at) WHERE origin = 'phone';

ALTER TABLE send_reservation ADD COLUMN own_number TEXT NOT NULL DEFAULT '';
UPDATE send_reservation
SET own_number = COALESCE((SELECT s.own_number FROM whatsapp_session_status s WHERE s.name = send_reservation.session), '');
CREATE INDEX reservation_of_number ON send_reservation (own_number, committed_at) WHERE state = 'committed';

CREATE TABLE contact_session_by_number (
    contact_id    TEXT   NOT NULL REFERENCES contact (id),
    session       TEXT   NOT NULL REFERENCES whatsapp_session_status (name),
    own_number    TEXT   NOT NULL,
    evidence_id   TEXT   REFERENCES conversation_message (id),
    chat_id       TEXT,
    last_in_at    INTEGER,
    last_out_at   INTEGER,
    unanswered    INTEGER NOT NULL DEFAULT 0,
    hand_typed_at INTEGER,
    PRIMARY KEY (contact_id, session, own_number)
) STRICT;
INSERT INTO contact_session_by_number
    (contact_id, session, own_number, evidence_id, chat_id, last_in_at, last_out_at, unanswered, hand_typed_at)
SELECT c.contact_id, c.session, COALESCE((SELECT n.number FROM only_number n WHERE n.session = c.session), ''), c.evidence_id,
       c.chat_id, c.last_in_at, c.last_out_at, c.unanswered, c.hand_typed_at
FROM contact_session c;
DROP TABLE contact_session;
ALTER TABLE contact_session_by_number RENAME TO contact_session;

-- The foreign key of the evidence has the number, and SQLite changes no foreign key: the table is made anew. Rows that refer to
-- it are checked at the end of the migration, when it has its rows again.
PRAGMA defer_foreign_keys = ON;
CREATE TEMPORARY TABLE queue_before AS SELECT * FROM whatsapp_message_queue;
DROP TABLE whatsapp_message_queue;
CREATE TABLE whatsapp_message_queue (
    id                 TEXT   PRIMARY KEY,
    session            TEXT   NOT NULL REFERENCES whatsapp_session_status (name),
    contact_id         TEXT   NOT NULL REFERENCES contact (id),
    body               TEXT   NOT NULL,
    body_folded        TEXT   NOT NULL,
    lane               TEXT   NOT NULL CHECK (lane IN ('reply', 'manual', 'broadcast')),
    -- 0 send now, 1 reply, 2 everything else: the order of the claim
    rank               INTEGER NOT NULL CHECK (rank IN (0, 1, 2)),
    priority           INTEGER NOT NULL DEFAULT 0,
    not_before         INTEGER,
    not_after          INTEGER,
    drop_if_answered   INTEGER NOT NULL DEFAULT 0 CHECK (drop_if_answered IN (0, 1)),
    send_now           INTEGER NOT NULL DEFAULT 0 CHECK (send_now IN (0, 1)),
    link_preview       INTEGER NOT NULL DEFAULT 0 CHECK (link_preview IN (0, 1)),
    status             TEXT   NOT NULL CHECK (status IN
                           ('pending', 'composing', 'sending', 'sent', 'failed', 'uncertain', 'cancelled')),
    version            INTEGER NOT NULL DEFAULT 1,
    -- 1: the claim looks at it; 0: it waits, until eligible_at or, without one, for an event or a person
    due                INTEGER NOT NULL CHECK (due IN (0, 1)),
    eligible_at        INTEGER,
    wait_reason        TEXT,
    wait_ends          TEXT,
    queued_at          INTEGER NOT NULL,
    attempt_id         TEXT,
    attempt_epoch      INTEGER,
    committed_at       INTEGER,
    attempts           INTEGER NOT NULL DEFAULT 0,
    preemptions        INTEGER NOT NULL DEFAULT 0,
    abandoned          INTEGER NOT NULL DEFAULT 0,
    abandoned_since    INTEGER,
    last_error         TEXT,
    cancel_reason      TEXT,
    evidence_id        TEXT,
    evidence_direction TEXT   NOT NULL DEFAULT 'inbound' CHECK (evidence_direction = 'inbound'),
    reply_to           TEXT   REFERENCES conversation_message (id),
    broadcast_id       TEXT,
    client_raw_id      TEXT,
    raw_id             TEXT,
    -- JSON array: the own raw ids that the chat held before the commit
    snapshot           TEXT,
    ack                INTEGER,
    sent_at            INTEGER,
    delivered_at       INTEGER,
    read_at            INTEGER,
    uncertain_since    INTEGER,
    looked             INTEGER NOT NULL DEFAULT 0,
    next_look_at       INTEGER,
    failure_left_at    INTEGER,
    -- the own number that the newest attempt was decided for
    own_number         TEXT,
    -- nobody is written to who has not written first to the number that writes: held by the database itself
    CHECK (status NOT IN ('composing', 'sending', 'sent', 'uncertain') OR evidence_id IS NOT NULL),
    CHECK (evidence_id IS NULL OR own_number IS NOT NULL),
    FOREIGN KEY (evidence_id, session, own_number, contact_id, evidence_direction)
        REFERENCES conversation_message (id, session, own_number, contact_id, direction) ON UPDATE CASCADE,
    UNIQUE (session, raw_id)
) STRICT;
INSERT INTO whatsapp_message_queue
    (id, session, contact_id, body, body_folded, lane, rank, priority, not_before, not_after, drop_if_answered, send_now, link_preview,
     status, version, due, eligible_at, wait_reason, wait_ends, queued_at, attempt_id, attempt_epoch, committed_at, attempts,
     preemptions, abandoned, abandoned_since, last_error, cancel_reason, evidence_id, evidence_direction, reply_to, broadcast_id,
     client_raw_id, raw_id, snapshot, ack, sent_at, delivered_at, read_at, uncertain_since, looked, next_look_at, failure_left_at,
     own_number)
SELECT id, session, contact_id, body, body_folded, lane, rank, priority, not_before, not_after, drop_if_answered, send_now, link_preview,
       status, version, due, eligible_at, wait_reason, wait_ends, queued_at, attempt_id, attempt_epoch, committed_at, attempts,
       preemptions, abandoned, abandoned_since, last_error, cancel_reason, evidence_id, evidence_direction, reply_to, broadcast_id,
       client_raw_id, raw_id, snapshot, ack, sent_at, delivered_at, read_at, uncertain_since, looked, next_look_at, failure_left_at,
       (SELECT e.own_number FROM conversation_message e WHERE e.id = q.evidence_id)
FROM queue_before q;
DROP TABLE queue_before;
UPDATE whatsapp_message_queue
SET due = 0, eligible_at = NULL, wait_reason = 'guest_has_not_written', wait_ends = 'event:contact_writes'
WHERE status = 'pending' AND session NOT IN (SELECT session FROM only_number) AND (wait_ends IS NULL OR wait_ends NOT LIKE 'person:%');
DROP TABLE only_number;

-- Its indexes, in the order of the migrations that made them: of two that look alike to it, SQLite takes the newer.
CREATE INDEX queue_claim ON whatsapp_message_queue (session, rank, priority DESC, id)
    WHERE status = 'pending' AND due = 1;
CREATE INDEX queue_wake ON whatsapp_message_queue (session, eligible_at)
    WHERE status = 'pending' AND due = 0 AND eligible_at IS NOT NULL;
CREATE INDEX queue_of_contact ON whatsapp_message_queue (contact_id, session) WHERE status = 'pending';
CREATE INDEX queue_open ON whatsapp_message_queue (session, status) WHERE status IN ('composing', 'sending');
CREATE INDEX queue_uncertain ON whatsapp_message_queue (session, contact_id) WHERE status = 'uncertain';
CREATE INDEX queue_attempt ON whatsapp_message_queue (attempt_id) WHERE attempt_id IS NOT NULL;
CREATE INDEX queue_evidence ON whatsapp_message_queue (evidence_id) WHERE evidence_id IS NOT NULL;
CREATE INDEX queue_list_session ON whatsapp_message_queue (session, id);
CREATE INDEX queue_list_session_status ON whatsapp_message_queue (session, status, id);
CREATE INDEX queue_list_status ON whatsapp_message_queue (status, id);
CREATE INDEX queue_list_contact ON whatsapp_message_queue (contact_id, id);
CREATE INDEX queue_set_aside ON whatsapp_message_queue (contact_id, session, rank, priority, eligible_at)
    WHERE status = 'pending' AND due = 0 AND eligible_at IS NOT NULL;
CREATE INDEX queue_held_back ON whatsapp_message_queue (contact_id)
    WHERE status = 'pending' AND due = 0 AND (wait_ends = 'event:earlier_ends' OR wait_reason = 'earlier_uncertain');
CREATE INDEX queue_under_way ON whatsapp_message_queue (contact_id) WHERE status IN ('composing', 'sending', 'uncertain');
CREATE UNIQUE INDEX queue_broadcast ON whatsapp_message_queue (broadcast_id, contact_id) WHERE broadcast_id IS NOT NULL;
CREATE INDEX queue_expiring ON whatsapp_message_queue (session, not_after)
    WHERE status = 'pending' AND due = 0 AND not_after IS NOT NULL;
CREATE INDEX queue_not_over ON whatsapp_message_queue (contact_id, id)
    WHERE status IN ('pending', 'composing', 'sending', 'uncertain', 'failed');
CREATE INDEX queue_list_broadcast ON whatsapp_message_queue (broadcast_id, id) WHERE broadcast_id IS NOT NULL;
CREATE INDEX queue_list_contact_status ON whatsapp_message_queue (contact_id, status, id);
CREATE INDEX queue_for_review ON whatsapp_message_queue (session, status, wait_ends, id)
    WHERE status = 'pending' AND wait_ends = 'person:review';
CREATE INDEX queue_unnamed ON whatsapp_message_queue (contact_id, session, status)
    WHERE status = 'sent' AND COALESCE(raw_id, '') = '';
CREATE INDEX queue_chosen_id ON whatsapp_message_queue (session, client_raw_id)
    WHERE client_raw_id IS NOT NULL AND COALESCE(raw_id, '') = '';
CREATE INDEX queue_failed ON whatsapp_message_queue (session, committed_at) WHERE status = 'failed' AND failure_left_at IS NULL;
CREATE INDEX queue_snapshot ON whatsapp_message_queue (status, COALESCE(committed_at, queued_at))
    WHERE snapshot IS NOT NULL AND status IN ('sent', 'cancelled');
