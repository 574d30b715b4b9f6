-- A failed message that a person has seen and leaves at that: it asks for nobody any more. Set only while it is failed.
ALTER TABLE whatsapp_message_queue ADD COLUMN failure_left_at BIGINT;
