//! queue-api
