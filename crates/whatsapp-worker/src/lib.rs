//! whatsapp-worker
