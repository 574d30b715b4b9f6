-- What has ended must cost nothing: each look at past sends finds the few rows it is about, however many there are. The queue is
-- small enough for these indexes to be built at a restart.

-- Slots of a contact by their end: what was sent since the guest last wrote, and when the last message left.
CREATE INDEX reservation_ended ON send_reservation (contact_id, ended_at) WHERE state = 'committed';

-- What is not over, to one contact.
CREATE INDEX queue_not_over ON whatsapp_message_queue (contact_id, id)
    WHERE status IN ('pending', 'composing', 'sending', 'uncertain', 'failed');

-- A page of one broadcast's messages, of one contact's messages in one status, and of one contact's conversation on one session.
CREATE INDEX queue_list_broadcast ON whatsapp_message_queue (broadcast_id, id) WHERE broadcast_id IS NOT NULL;
CREATE INDEX queue_list_contact_status ON whatsapp_message_queue (contact_id, status, id);
DROP INDEX IF EXISTS conversation_by_contact;
CREATE INDEX conversation_by_contact ON conversation_message (contact_id, session, at, id);

-- SQLite takes the index with the most equal columns, however many rows these leave: so these have all columns of their conditions.
DROP INDEX IF EXISTS conversation_parked;
CREATE INDEX conversation_parked ON conversation_message (session, contact_id, origin) WHERE origin = 'parked';
DROP INDEX IF EXISTS queue_for_review;
CREATE INDEX queue_for_review ON whatsapp_message_queue (session, status, wait_ends, id)
    WHERE status = 'pending' AND wait_ends = 'person:review';

-- Sent messages whose id of WhatsApp's is not known, and messages under an id that we chose and nobody has seen yet.
-- A condition on raw_id itself would make SQLite use its unique index, where all messages that wait are under one value.
CREATE INDEX queue_unnamed ON whatsapp_message_queue (contact_id, session, status)
    WHERE status = 'sent' AND COALESCE(raw_id, '') = '';
CREATE INDEX queue_chosen_id ON whatsapp_message_queue (session, client_raw_id)
    WHERE client_raw_id IS NOT NULL AND COALESCE(raw_id, '') = '';

-- Failures that wait for a person.
CREATE INDEX queue_failed ON whatsapp_message_queue (session, committed_at) WHERE status = 'failed' AND failure_left_at IS NULL;

-- Refusals of the last half hour, and what is old enough to be deleted.
CREATE INDEX refusal_age ON send_refusal (session, at);
CREATE INDEX idempotency_age ON idempotency_key (at);
CREATE INDEX queue_snapshot ON whatsapp_message_queue (status, COALESCE(committed_at, queued_at))
    WHERE snapshot IS NOT NULL AND status IN ('sent', 'cancelled');

ALTER TABLE global_config ADD COLUMN history_days INTEGER NOT NULL DEFAULT 365;
