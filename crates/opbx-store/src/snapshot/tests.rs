use super::*;
use crate::organization::Revision;
use crate::seal::SecretKey;
use opbx_core::extension::Extension;
use opbx_core::id::ExtensionId;
use opbx_core::organization::Organization;
use opbx_core::plan::PlanSource;
use std::os::unix::fs::PermissionsExt;
use tempfile::TempDir;

const ACME: OrganizationId = OrganizationId::new(7);
const OTHER: OrganizationId = OrganizationId::new(8);

fn keys(letter: &str) -> Arc<Keyring> {
    Arc::new(Keyring::new(&SecretKey::new(&letter.repeat(32)).unwrap()))
}

fn snapshots() -> (TempDir, Snapshots) {
    let folder = tempfile::tempdir().unwrap();
    let snapshots = Snapshots { folder: Snapshots::folder_in(folder.path()), keys: keys("a") };
    (folder, snapshots)
}

fn source(id: OrganizationId) -> PlanSource {
    let [name, zone] = ["Acme", "America/New_York"];
    let organization = Organization::new(id, name.parse().unwrap(), "US".parse().unwrap(), zone.parse().unwrap());
    let extension = Extension::new(ExtensionId::new(1), "1001".parse().unwrap(), "Alice Ray".parse().unwrap());
    PlanSource { extensions: vec![extension], ..PlanSource::new(organization) }
}

fn write(snapshots: &Snapshots, id: OrganizationId, revision: i64) {
    snapshots.write_plan(id, Revision::of(revision), &PlanText::of(&source(id)).unwrap()).unwrap();
}

fn entry(id: u64) -> DirectoryEntry {
    DirectoryEntry {
        organization: OrganizationId::new(id),
        place: id + 1,
        domains: vec![format!("o{id}.example"), format!("uuid-{id}")],
        public_url: id.is_multiple_of(2).then(|| "https://pbx.example.com".to_owned()),
        key: (!id.is_multiple_of(3)).then_some([id.to_be_bytes()[7]; 32]),
        former_key: id.is_multiple_of(5).then(|| ([9; 32], "2026-03-09T12:00:00Z".parse().unwrap())),
        cdr_secret: id.is_multiple_of(2).then_some([id.to_be_bytes()[7]; 32]),
        failsafe: format!("<Response>{}</Response>", id % 4),
    }
}

fn directory(snapshots: &Snapshots) -> (Vec<DirectoryEntry>, DirectoryRead) {
    let mut entries = Vec::new();
    let read = snapshots.directory(|entry| entries.push(entry)).unwrap();
    (entries, read)
}

#[test]
fn a_plan_comes_back_as_it_was_and_is_its_owners_alone() {
    let (folder, snapshots) = snapshots();
    assert_eq!(snapshots.plan(ACME).unwrap(), None);
    assert!(!Snapshots::are_in(folder.path()).unwrap());
    write(&snapshots, ACME, 4);
    write(&snapshots, ACME, 5);
    assert!(Snapshots::are_in(folder.path()).unwrap());
    assert_eq!(snapshots.organizations().unwrap(), [ACME]);
    assert_eq!(snapshots.plan_revision(ACME), Some(5));
    let kept = KeptPlan { revision: Revision::of(5), source: source(ACME) };
    assert_eq!(snapshots.plan(ACME).unwrap(), Some(kept));
    let file = snapshots.plan_file(ACME);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(&snapshots.folder).unwrap().permissions().mode() & 0o777, 0o700);
    assert!(!fs::read(&file).unwrap().windows(5).any(|window| window == b"Alice"), "nothing of it can be read");
    snapshots.remove(ACME).unwrap();
    snapshots.remove(ACME).unwrap();
    assert_eq!(snapshots.plan(ACME).unwrap(), None);
}

#[test]
fn a_plan_that_was_changed_or_cut_off_anywhere_is_not_taken() {
    let (_folder, snapshots) = snapshots();
    write(&snapshots, ACME, 5);
    let file = snapshots.plan_file(ACME);
    let whole = fs::read(&file).unwrap();
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        fs::write(&file, &changed).unwrap();
        assert!(snapshots.plan(ACME).is_err(), "byte {at}");
        fs::write(&file, &whole[..at]).unwrap();
        let refused = snapshots.plan(ACME).unwrap_err().to_string();
        assert!(refused.contains("organization-7.snapshot cannot be used: it "), "cut at {at}: {refused}");
    }
}

#[test]
fn a_plan_of_another_organization_or_secret_is_not_taken() {
    let (_folder, snapshots) = snapshots();
    write(&snapshots, ACME, 5);
    fs::rename(snapshots.plan_file(ACME), snapshots.plan_file(OTHER)).unwrap();
    let refused = snapshots.plan(OTHER).unwrap_err().to_string();
    assert!(refused.ends_with("it was changed, or belongs elsewhere"), "{refused}");
    write(&snapshots, ACME, 5);
    let stranger = Snapshots { keys: keys("b"), ..snapshots };
    let refused = stranger.plan(ACME).unwrap_err().to_string();
    assert!(refused.ends_with("another OPBX_SECRET_KEY sealed it"), "{refused}");
}

#[test]
fn a_directory_of_several_frames_comes_back_as_it_was() {
    let (_folder, snapshots) = snapshots();
    assert!(snapshots.directory(|_| {}).is_none());
    let all: Vec<_> = (1..=2_500).map(entry).collect();
    snapshots.write_directory("sqlite:opbx.db", all.clone().into_iter()).unwrap();
    let (entries, read) = directory(&snapshots);
    assert!(entries == all && read.unusable.is_empty() && read.organizations == 2_500, "{read:?}");
    assert_eq!(snapshots.directory_location().as_deref(), Some("sqlite:opbx.db"));
    assert_eq!(fs::metadata(snapshots.folder.join(DIRECTORY)).unwrap().permissions().mode() & 0o777, 0o600);
    snapshots
        .write_directory("sqlite:opbx.db", std::iter::empty::<DirectoryEntry>().collect::<Vec<_>>().into_iter())
        .unwrap();
    assert!(snapshots.directory(|_| {}).is_none(), "nobody is there, and so is no file");
}

#[test]
fn what_is_wrong_with_a_part_of_a_directory_takes_no_other_along() {
    let (_folder, snapshots) = snapshots();
    let all: Vec<_> = (1..=2_500).map(entry).collect();
    snapshots.write_directory("sqlite:opbx.db", all.into_iter()).unwrap();
    let file = snapshots.folder.join(DIRECTORY);
    let whole = fs::read(&file).unwrap();

    let mut changed = whole.clone();
    changed[whole.len() / 2] ^= 1;
    fs::write(&file, &changed).unwrap();
    let (entries, read) = directory(&snapshots);
    assert_eq!((entries.len(), read.unusable.len()), (2_500 - 1_024, 2), "{:?}", read.unusable);

    // Cut off anywhere, it holds what stands before.
    for part in 0..20 {
        fs::write(&file, &whole[..whole.len() * part / 20]).unwrap();
        let (entries, read) = directory(&snapshots);
        assert!(entries.len().is_multiple_of(1_024) && !read.unusable.is_empty(), "{part}: {}", entries.len());
    }

    // A frame of an older file is none of this one.
    let (older, _) = (
        whole.clone(),
        snapshots.write_directory("sqlite:opbx.db", (1..=2_500).map(entry).collect::<Vec<_>>().into_iter()).unwrap(),
    );
    let mut mixed = fs::read(&file).unwrap();
    let end = older.len() - 50_000;
    mixed.truncate(end);
    mixed.extend_from_slice(&older[end..]);
    fs::write(&file, &mixed).unwrap();
    assert!(!directory(&snapshots).1.unusable.is_empty());

    let stranger = Snapshots { keys: keys("b"), ..snapshots };
    let (entries, read) = directory(&stranger);
    assert!(entries.is_empty() && read.unusable[0].reason.contains("another OPBX_SECRET_KEY"), "{:?}", read.unusable);
}
