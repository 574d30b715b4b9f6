//! The QRs of one login: the first lives 60 s, five more 20 s each; then the session gives up (WAHA §3).

use std::sync::Arc;
use std::time::Duration;

use super::refused::Ended;
use crate::ids;
use crate::misbehaviour::Misbehaviour;
use crate::waha::Waha;
use crate::world::session::Status;

const FIRST_QR: Duration = Duration::from_mins(1);
const NEXT_QR: Duration = Duration::from_secs(20);
const QRS: usize = 6;

impl Waha {
    /// Shows QRs until somebody scans, the run ends, or nobody came.
    pub(super) async fn show_qrs(self: &Arc<Self>, name: &str, run: u64) {
        for shown in 0..QRS {
            self.show_qr(name);
            self.wait(if shown == 0 { FIRST_QR } else { NEXT_QR }).await;
            if !self.is_run(name, run) {
                return;
            }
        }
        self.change(name, |session| session.qr = None);
        self.fail(name, Ended::QrCodes);
    }

    fn show_qr(self: &Arc<Self>, name: &str) {
        let text = self.roll(ids::qr_text);
        self.change(name, |session| session.qr = Some(text));
        self.set_status(name, Status::ScanQrCode);
        if let Some(soon) = self.config.scans_itself_after {
            self.in_this_life(name, |waha, name| async move {
                waha.wait(soon).await;
                if !waha.switches().is_on(&Misbehaviour::NobodyScans) {
                    // somebody may have scanned before
                    let _ = waha.scan(&name);
                }
            });
        }
    }
}
