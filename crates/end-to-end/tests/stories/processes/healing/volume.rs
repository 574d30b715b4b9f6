//! A small file system that a scenario fills by a file and frees again.

use std::{
    fs::{self, File},
    io::{ErrorKind, Write as _},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

/// Far more than a volume of `tools/healing.sh` holds.
const MOST: u64 = 1 << 30;
/// From large to small: the last blocks take what the larger ones leave.
const BLOCKS: [usize; 3] = [1 << 20, 1 << 12, 1];

/// A file system of a scenario's own.
pub(super) struct Volume {
    folder: PathBuf,
    ballast: PathBuf,
}

impl Volume {
    /// The one that is mounted at the path in this environment variable.
    pub(super) fn of_environment(variable: &str) -> Self {
        let folder = PathBuf::from(super::setting(variable));
        let device = |path: &Path| fs::metadata(path).expect("the volume").dev();
        let above = folder.parent().expect("a folder above the volume");
        assert_ne!(
            device(&folder),
            device(above),
            "{variable} is no volume of its own: filling it would fill this machine's disk"
        );
        Self {
            ballast: folder.join("ballast"),
            folder,
        }
    }

    /// Where it is mounted.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Takes all the room that is left.
    pub(super) fn fill(&self) {
        let ballast = File::options()
            .create(true)
            .append(true)
            .open(&self.ballast);
        // a file without content may find no room either
        let Ok(mut ballast) = ballast else { return };
        for block in BLOCKS {
            let block = vec![b'.'; block];
            let full = loop {
                let length = ballast.metadata().expect("the ballast").len();
                assert!(length < MOST, "the volume is too large to be filled");
                if let Err(full) = ballast.write_all(&block) {
                    break full;
                }
            };
            assert_eq!(full.kind(), ErrorKind::StorageFull, "{full}");
        }
    }

    /// There is room again.
    pub(super) fn free(&self) {
        fs::remove_file(&self.ballast).expect("the ballast goes");
    }
}
