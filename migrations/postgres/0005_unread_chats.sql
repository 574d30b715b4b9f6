-- Chats that WAHA refuses to read, while the session says that it is connected: how many, and since when. The worker keeps it.

ALTER TABLE whatsapp_session_status ADD COLUMN unread_chats BIGINT NOT NULL DEFAULT 0;
ALTER TABLE whatsapp_session_status ADD COLUMN unread_chats_since BIGINT;

CREATE TRIGGER live_unread_chats AFTER UPDATE OF unread_chats ON whatsapp_session_status FOR EACH ROW
    WHEN (OLD.unread_chats <> NEW.unread_chats)
    EXECUTE FUNCTION live_session();
