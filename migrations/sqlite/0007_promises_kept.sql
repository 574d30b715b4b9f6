-- WhatsApp's id of each send that went out. A message that a person has tried again is another message to WhatsApp: a receipt for the
-- earlier one must still find it, so that the guest does not get it twice. Until now only the newest id was kept, with the message.
ALTER TABLE send_reservation ADD COLUMN raw_id TEXT;
UPDATE send_reservation
SET raw_id = (SELECT COALESCE(q.raw_id, q.client_raw_id) FROM whatsapp_message_queue q WHERE q.attempt_id = send_reservation.attempt_id)
WHERE state = 'committed';
CREATE INDEX reservation_of_raw_id ON send_reservation (session, raw_id) WHERE raw_id IS NOT NULL;
CREATE INDEX reservation_of_message ON send_reservation (message_id);

-- What has a last moment and waits for something else is found when that moment has passed, however much waits.
CREATE INDEX queue_expiring ON whatsapp_message_queue (session, not_after)
    WHERE status = 'pending' AND due = 0 AND not_after IS NOT NULL;
