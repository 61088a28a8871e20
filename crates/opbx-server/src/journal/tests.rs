//! What must hold of a journal, whatever stops it.

use super::*;
use proptest::prelude::*;
use std::fs;

fn limit(mebibytes: u64) -> JournalLimit {
    JournalLimit::mebibytes(mebibytes).unwrap()
}

fn content(number: u64, length: usize) -> Vec<u8> {
    let mut content = format!("entry {number} ").into_bytes();
    content.resize(length.max(content.len()), b'.');
    content
}

/// Everything that waits.
async fn read_all(unapplied: &mut Unapplied) -> Vec<Numbered> {
    let mut all = Vec::new();
    while !unapplied.is_empty() {
        all.extend(unapplied.next(7, 10_000).await.unwrap());
    }
    all
}

async fn append_all(journal: &Journal, numbers: std::ops::Range<u64>, length: usize) {
    for number in numbers {
        assert_eq!(journal.append(content(number, length)).await, Ok(number));
    }
}

/// Closes a journal: its thread ends with the last handle.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "journal"));
    files.sort();
    files
}

#[tokio::test]
async fn what_was_acknowledged_is_read_in_order_also_by_the_next_process() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, mut unapplied) = Journal::open(folder.path(), limit(4)).unwrap();
    append_all(&journal, 1..101, 20).await;
    let read = read_all(&mut unapplied).await;
    assert_eq!(read.len(), 100);
    assert!((1..).zip(&read).all(|(number, entry)| entry.number == number && entry.content == content(number, 20)));
    unapplied.applied(40);
    assert_eq!(journal.depth().entries, 60);
    drop((journal, unapplied));
    let (journal, mut unapplied) = Journal::open(folder.path(), limit(4)).unwrap();
    let read = read_all(&mut unapplied).await;
    assert_eq!((read.first().unwrap().number, read.last().unwrap().number), (41, 100));
    append_all(&journal, 101..103, 20).await;
    assert_eq!(read_all(&mut unapplied).await.len(), 2);
}

#[tokio::test]
async fn whoever_wants_everything_waits_for_what_was_acknowledged_and_for_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, mut unapplied) = Journal::open(folder.path(), limit(4)).unwrap();
    journal.caught_up().await;
    append_all(&journal, 1..4, 20).await;
    let mut waiting = std::pin::pin!(journal.caught_up());
    let mut is_over = async || tokio::time::timeout(Duration::ZERO, &mut waiting).await.is_ok();
    assert!(!is_over().await);
    append_all(&journal, 4..5, 20).await;
    unapplied.applied(2);
    assert!(!is_over().await);
    unapplied.applied(3);
    assert!(is_over().await);
}

#[tokio::test]
async fn those_who_come_together_are_written_together_and_each_has_a_number() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, mut unapplied) = Journal::open(folder.path(), limit(4)).unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..500 {
        let journal = journal.clone();
        tasks.spawn(async move { (number, journal.append(content(number, 30)).await.unwrap()) });
    }
    let mut numbers: std::collections::BTreeMap<u64, u64> =
        tasks.join_all().await.into_iter().map(|(which, number)| (number, which)).collect();
    assert_eq!(numbers.len(), 500);
    for entry in read_all(&mut unapplied).await {
        assert_eq!(numbers.remove(&entry.number).map(|which| content(which, 30)), Some(entry.content));
    }
    assert!(numbers.is_empty());
}

#[tokio::test]
async fn files_go_when_their_entries_are_applied_and_a_full_journal_refuses() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, mut unapplied) = Journal::open(folder.path(), limit(4)).unwrap();
    let mut taken = 0;
    let refused = loop {
        match journal.append(content(taken + 1, 100_000)).await {
            Ok(number) => taken = number,
            Err(refused) => break refused,
        }
    };
    assert_eq!((refused, taken), (Refused::Full, 41));
    assert!(files(folder.path()).len() >= 3);
    let read = read_all(&mut unapplied).await;
    assert_eq!(read.len(), 41);
    unapplied.applied(41);
    assert_eq!(files(folder.path()).len(), 1);
    assert_eq!(journal.append(content(42, 100_000)).await, Ok(42));
    assert_eq!(read_all(&mut unapplied).await.len(), 1);
    assert_eq!(journal.refused_and_lost(), (1, 0));
}

#[tokio::test]
async fn an_entry_that_is_too_large_is_refused_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, _unapplied) = Journal::open(folder.path(), limit(64)).unwrap();
    assert_eq!(journal.append(vec![b'x'; MOST_BYTES + 1]).await, Err(Refused::Full));
    assert_eq!(journal.append(vec![b'x'; 10]).await, Ok(1));
}

#[tokio::test]
async fn without_the_note_of_what_is_applied_everything_comes_again() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, mut unapplied) = Journal::open(folder.path(), limit(4)).unwrap();
    append_all(&journal, 1..11, 20).await;
    read_all(&mut unapplied).await;
    unapplied.applied(10);
    drop((journal, unapplied));
    fs::remove_file(folder.path().join("applied")).unwrap();
    let (_journal, mut unapplied) = Journal::open(folder.path(), limit(4)).unwrap();
    assert_eq!(read_all(&mut unapplied).await.len(), 10);
}

#[tokio::test]
async fn numbers_go_on_where_all_files_are_gone() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, mut unapplied) = Journal::open(folder.path(), limit(4)).unwrap();
    append_all(&journal, 1..11, 20).await;
    read_all(&mut unapplied).await;
    unapplied.applied(10);
    drop((journal, unapplied));
    for file in files(folder.path()) {
        fs::remove_file(file).unwrap();
    }
    let (journal, mut unapplied) = Journal::open(folder.path(), limit(4)).unwrap();
    assert!(unapplied.is_empty());
    assert_eq!(journal.append(content(11, 20)).await, Ok(11));
    assert_eq!(read_all(&mut unapplied).await.len(), 1);
}

#[tokio::test]
async fn damage_in_the_middle_costs_what_it_hit_and_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, unapplied) = Journal::open(folder.path(), limit(4)).unwrap();
    append_all(&journal, 1..26, 100_000).await;
    drop((journal, unapplied));
    let all = files(folder.path());
    assert!(all.len() >= 3, "{all:?}");
    // The second file: its third entry, and with it what stands behind it there.
    let mut bytes = fs::read(&all[1]).unwrap();
    bytes[250_000] ^= 1;
    fs::write(&all[1], bytes).unwrap();
    let (journal, mut unapplied) = Journal::open(folder.path(), limit(4)).unwrap();
    let read: Vec<u64> = read_all(&mut unapplied).await.into_iter().map(|entry| entry.number).collect();
    let (_, lost) = journal.refused_and_lost();
    assert_eq!(read.len() as u64 + lost, 25);
    assert!(lost > 0 && read.contains(&1) && read.contains(&25), "{read:?}");
    assert!(
        fs::read_dir(folder.path())
            .unwrap()
            .any(|entry| { entry.unwrap().path().extension().is_some_and(|ending| ending == "damaged") })
    );
}

/// In a process of its own, since its files may not grow over some size: that is what a full disk looks like to whoever writes.
const ON_A_FULL_DISK: &str = "journal::tests::on_a_full_disk";
/// The folder of that process's journal.
const ITS_FOLDER: &str = "OPBX_TEST_FULL_DISK";
/// No file of that process may have more bytes, for a while.
const LARGEST: usize = 64 * 1024;

#[test]
fn a_full_disk_refuses_and_keeps_what_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let shell = r#"trap "" XFSZ; exec "$0" "$@""#;
    let ran = std::process::Command::new("/bin/sh")
        .args(["-c", shell])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", ON_A_FULL_DISK, "--nocapture"])
        .env(ITS_FOLDER, folder.path())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success() && told.contains("1 passed"), "{told}{}", String::from_utf8_lossy(&ran.stderr));
    assert!(folder.path().join("over").exists(), "{told}");
}

/// Files of this process may have so many bytes at most from now on.
fn limit_files(bytes: &str) {
    let (process, limit) = (format!("--pid={}", std::process::id()), format!("--fsize={bytes}:"));
    assert!(std::process::Command::new("prlimit").args([process, limit]).status().unwrap().success());
}

#[tokio::test]
async fn on_a_full_disk() {
    // Alone it is nothing: the limit is the whole process's.
    let Some(folder) = std::env::var_os(ITS_FOLDER).map(PathBuf::from) else { return };
    let (journal, mut unapplied) = Journal::open(&folder, limit(4)).unwrap();
    append_all(&journal, 1..4, 10_000).await;
    limit_files(&LARGEST.to_string());
    let mut next = 4;
    let refused = loop {
        match journal.append(content(next, 10_000)).await {
            Ok(number) => assert_eq!(number, next),
            Err(refused) => break refused,
        }
        next += 1;
    };
    assert_eq!((refused, next), (Refused::Disk, 7));
    // What fits goes on to be taken; nothing of what was refused is in its way.
    assert_eq!(journal.append(content(7, 100)).await, Ok(7));
    let file = &files(&folder)[0];
    assert!(fs::metadata(file).unwrap().len() < LARGEST as u64);
    // Several that come together are all refused, each once.
    let many: Vec<_> = (0..5).map(|_| journal.append(content(8, 20_000))).collect();
    for refused in futures_util::future::join_all(many).await {
        assert_eq!(refused, Err(Refused::Disk));
    }
    assert_eq!(journal.refused_and_lost(), (6, 0));
    // Whoever is killed now has nothing half there.
    let (other, mut left) = Journal::open(&folder, limit(4)).unwrap();
    let read = read_all(&mut left).await;
    assert!((1..8).eq(read.iter().map(|entry| entry.number)));
    drop((other, left));

    limit_files("0");
    assert_eq!(journal.append(content(8, 10)).await, Err(Refused::Disk));
    limit_files("unlimited");
    assert_eq!(journal.append(content(8, 10_000)).await, Ok(8));
    let read = read_all(&mut unapplied).await;
    assert!((1..9).eq(read.iter().map(|entry| entry.number)));
    assert_eq!((read[6].content.clone(), read[7].content.clone()), (content(7, 100), content(8, 10_000)));
    fs::write(folder.join("over"), "").unwrap();
}

#[tokio::test]
async fn a_file_that_cannot_be_begun_refuses_and_the_next_try_begins_it() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, mut unapplied) = Journal::open(folder.path(), limit(4)).unwrap();
    let first = segment::path(folder.path(), 1);
    // Every write to it finds the disk full.
    std::os::unix::fs::symlink("/dev/full", &first).unwrap();
    assert_eq!(journal.append(content(1, 20)).await, Err(Refused::Disk));
    fs::remove_file(&first).unwrap();
    fs::create_dir(&first).unwrap();
    assert_eq!(journal.append(content(1, 20)).await, Err(Refused::Disk));
    fs::remove_dir(&first).unwrap();
    append_all(&journal, 1..3, 20).await;
    assert_eq!(read_all(&mut unapplied).await.len(), 2);
    assert_eq!((journal.refused_and_lost(), journal.depth().bytes), ((2, 0), 8 + 2 * (16 + 20)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Wherever the last file was cut off, what was whole before is read, and the numbers go on behind it.
    #[test]
    fn a_torn_end_is_recognized_wherever_it_is_torn(cut in 0_u64..2_000, garbage in proptest::collection::vec(any::<u8>(), 0..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let folder = tempfile::tempdir().unwrap();
            let (journal, unapplied) = Journal::open(folder.path(), limit(4)).unwrap();
            append_all(&journal, 1..31, 50).await;
            drop((journal, unapplied));
            let file = files(folder.path()).pop().unwrap();
            let mut bytes = fs::read(&file).unwrap();
            let kept = bytes.len().saturating_sub(cut as usize);
            bytes.truncate(kept);
            bytes.extend(&garbage);
            fs::write(&file, &bytes).unwrap();
            let whole = (kept.saturating_sub(8) / (16 + 50)) as u64;
            let (journal, mut unapplied) = Journal::open(folder.path(), limit(4)).unwrap();
            let read = read_all(&mut unapplied).await;
            assert_eq!(read.len() as u64, whole);
            assert!((1..).zip(&read).all(|(number, entry)| entry.number == number && entry.content == content(number, 50)));
            assert_eq!(journal.append(content(whole + 1, 50)).await, Ok(whole + 1));
            let next = read_all(&mut unapplied).await;
            assert_eq!(next.len(), 1);
            assert_eq!(next[0].content, content(whole + 1, 50));
        });
    }
}
