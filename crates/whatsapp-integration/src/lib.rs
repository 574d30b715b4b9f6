//! whatsapp-integration
