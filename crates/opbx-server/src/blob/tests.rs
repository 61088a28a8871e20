//! Files as whoever keeps one meets them.

use super::{BlobKey, Blobs};
use http_body_util::BodyExt;
use opbx_core::id::OrganizationId;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

fn organization() -> OrganizationId {
    OrganizationId::new(7)
}

async fn written(blobs: &Blobs, pieces: &[&[u8]]) -> super::NewBlob {
    let mut growing = blobs.begin(organization()).await.unwrap();
    for piece in pieces {
        growing.write(piece).await.unwrap();
    }
    growing.finish().await.unwrap()
}

fn names(folder: &Path) -> usize {
    fs::read_dir(folder.join("7")).unwrap().count()
}

async fn read(blobs: &Blobs, key: &BlobKey, range: std::ops::Range<u64>) -> Vec<u8> {
    blobs.part(key, range).await.unwrap().unwrap().collect().await.unwrap().to_bytes().to_vec()
}

#[tokio::test]
async fn a_file_is_written_read_in_parts_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::at(Some(folder.path().join("audio")));
    let long = vec![b'x'; 200_000];
    let new = written(&blobs, &[b"begin", &long, b"end"]).await;
    let key = new.key().clone();
    drop(new.leave());
    assert_eq!(read(&blobs, &key, 0..200_008).await.len(), 200_008);
    assert_eq!(read(&blobs, &key, 0..6).await, b"beginx");
    assert_eq!(read(&blobs, &key, 200_004..200_008).await, b"xend");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let audio = folder.path().join("audio");
    assert_eq!((mode(&audio), mode(&audio.join(key.to_string()))), (0o700, 0o600));
    blobs.remove(&key).await.unwrap();
    blobs.remove(&key).await.unwrap();
    assert!(blobs.part(&key, 0..1).await.unwrap().is_none());
}

#[tokio::test]
async fn what_nobody_keeps_goes_away() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::at(Some(folder.path().to_path_buf()));
    let mut growing = blobs.begin(organization()).await.unwrap();
    growing.write(b"half").await.unwrap();
    drop(growing);
    drop(written(&blobs, &[b"whole"]).await);
    assert_eq!(names(folder.path()), 0);
}

#[tokio::test]
async fn only_what_nobody_works_on_is_settled() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::at(Some(folder.path().to_path_buf()));
    let kept = written(&blobs, &[b"kept"]).await;
    let key = kept.key().clone();
    drop(kept.leave());
    let growing = blobs.begin(organization()).await.unwrap();
    let new = written(&blobs, &[b"new"]).await;
    // As a server leaves it that is killed.
    fs::write(folder.path().join("7").join(format!("{}.part", "0".repeat(32))), "half").unwrap();
    fs::write(folder.path().join("7").join("a note of the operator"), "note").unwrap();
    assert_eq!(blobs.organizations().await.unwrap(), [organization()]);
    assert_eq!(blobs.settled(organization()).await.unwrap(), [key]);
    assert_eq!(names(folder.path()), 4);
    drop((growing, new));
    assert_eq!(names(folder.path()), 2);
    assert_eq!(blobs.settled(OrganizationId::new(8)).await.unwrap(), []);
}

#[tokio::test]
async fn a_server_without_data_keeps_nothing() {
    let blobs = Blobs::at(None);
    assert!(blobs.begin(organization()).await.is_err());
    assert_eq!(blobs.settled(organization()).await.unwrap(), []);
}
