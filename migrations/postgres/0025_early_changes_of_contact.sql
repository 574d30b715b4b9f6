-- Whose an early change is, so that erasing them finds it.
ALTER TABLE early_change ADD COLUMN contact_id TEXT REFERENCES contact (id);
CREATE INDEX early_change_of_contact ON early_change (contact_id) WHERE contact_id IS NOT NULL;
