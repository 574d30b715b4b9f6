-- What a send said, kept when its message is edited after it: the send may turn out to have arrived, with the text that it had.

ALTER TABLE send_reservation ADD COLUMN body TEXT;
