-- What a guest wrote and WhatsApp could not decrypt, until the readable message is stored or a person has looked at the phone.
CREATE TABLE unreadable_message (
    session    TEXT NOT NULL REFERENCES whatsapp_session_status (name),
    raw_id     TEXT NOT NULL,
    contact_id TEXT NOT NULL REFERENCES contact (id) ON DELETE CASCADE,
    at         INTEGER NOT NULL,
    PRIMARY KEY (session, raw_id)
) STRICT;
CREATE INDEX unreadable_of_contact ON unreadable_message (contact_id);
CREATE INDEX unreadable_by_time ON unreadable_message (at);
CREATE TRIGGER live_unreadable AFTER INSERT ON unreadable_message BEGIN
    INSERT INTO live_event (kind, subject) VALUES ('contact', NEW.contact_id);
END;
