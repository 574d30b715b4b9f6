-- Whoever was erased and is put on the list anew is still counted, gets no news twice, and their wish for no messages holds. What stays
-- of the number until then is a seal; its key is not in the database (storage::SealingKey).
ALTER TABLE contact ADD COLUMN erased_seal TEXT;
ALTER TABLE contact ADD COLUMN erased_at BIGINT;
CREATE INDEX contact_erased ON contact (erased_at) WHERE erased_seal IS NOT NULL;
