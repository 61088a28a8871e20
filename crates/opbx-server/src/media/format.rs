//! What a file with sound is, found in its content and never in its name: WAV or MP3, and how long it lasts.

use opbx_core::sound::AudioFormat;

/// How much of the beginning of a file is looked at, in bytes.
pub(crate) const BEGINNING: usize = 16 * 1024;

/// What a file is whose content begins like that; `None`: neither.
pub(crate) fn format_of(beginning: &[u8]) -> Option<AudioFormat> {
    if beginning.starts_with(b"RIFF") && beginning.get(8..12) == Some(b"WAVE") {
        return Some(AudioFormat::Wav);
    }
    match behind_tag(beginning) {
        // The sound itself comes behind what was looked at: a tag with pictures.
        Some(None) => Some(AudioFormat::Mp3),
        Some(Some(sound)) => frame(sound).map(|_| AudioFormat::Mp3),
        None => frame(beginning).map(|_| AudioFormat::Mp3),
    }
}

/// How long a file of so many bytes lasts, in milliseconds, where its beginning tells.
pub(crate) fn milliseconds(format: AudioFormat, beginning: &[u8], bytes: u64) -> Option<u32> {
    let milliseconds = match format {
        AudioFormat::Wav => of_wav(beginning, bytes),
        AudioFormat::Mp3 => of_mp3(beginning, bytes),
    };
    milliseconds.and_then(|milliseconds| u32::try_from(milliseconds).ok())
}

/// The chunks of a WAV file: `fmt ` tells how many bytes a second takes, `data` how many there are.
fn of_wav(beginning: &[u8], bytes: u64) -> Option<u64> {
    let (mut place, mut per_second) = (12_usize, None);
    loop {
        let name = beginning.get(place..place + 4)?;
        let length = u32::from_le_bytes(beginning.get(place + 4..place + 8)?.try_into().ok()?);
        let content = place + 8;
        if name == b"fmt " {
            let rate = beginning.get(content + 8..content + 12)?;
            per_second = Some(u64::from(u32::from_le_bytes(rate.try_into().ok()?)));
        }
        if name == b"data" {
            // A recorder that was cut off, or that wrote into a pipe, did not know the length.
            let there = bytes.saturating_sub(content as u64);
            return (u64::from(length).min(there) * 1_000).checked_div(per_second?);
        }
        // Chunks begin at even places.
        place = content.checked_add(usize::try_from(length).ok()?)?;
        place += place % 2;
    }
}

/// The first frame tells how many bits a second takes; one with a table in it, of how many frames there are, tells better.
fn of_mp3(beginning: &[u8], bytes: u64) -> Option<u64> {
    let sound = behind_tag(beginning).unwrap_or(Some(beginning))?;
    let first = frame(sound)?;
    if let Some(frames) = first.frames(sound) {
        return (u64::from(frames) * first.samples * 1_000).checked_div(first.samples_per_second);
    }
    let length = bytes.saturating_sub((beginning.len() - sound.len()) as u64);
    (length * 8).checked_div(first.kilobits)
}

/// What comes behind an ID3 tag: `None` without a tag, `Some(None)` where the tag is longer than what is there.
fn behind_tag(beginning: &[u8]) -> Option<Option<&[u8]>> {
    let rest = beginning.strip_prefix(b"ID3")?;
    let (header, _) = rest.split_first_chunk::<7>()?;
    let [_, _, flags, length @ ..] = *header;
    if length.iter().any(|byte| byte & 0x80 != 0) {
        return None;
    }
    let length = length.iter().fold(0_usize, |sum, byte| sum << 7 | usize::from(*byte));
    let footer = if flags & 0x10 == 0 { 0 } else { 10 };
    Some(beginning.get(10 + length + footer..).filter(|sound| sound.len() >= 4))
}

/// What the header of a frame says.
struct FrameHeader {
    kilobits: u64,
    samples: u64,
    samples_per_second: u64,
    /// Where the table of a file with a varying rate stands, from the beginning of the frame.
    table: usize,
}

impl FrameHeader {
    /// How many frames the file says it has.
    fn frames(&self, sound: &[u8]) -> Option<u32> {
        let table = sound.get(self.table..)?;
        let rest = table.strip_prefix(b"Xing").or_else(|| table.strip_prefix(b"Info"))?;
        let (flags, rest) = rest.split_first_chunk::<4>()?;
        let (frames, _) = rest.split_first_chunk::<4>()?;
        (flags[3] & 1 == 1).then(|| u32::from_be_bytes(*frames))
    }
}

/// The header of a frame of MPEG audio, layer 3, at the beginning of `sound`; `None`: there is none.
fn frame(sound: &[u8]) -> Option<FrameHeader> {
    const NEW_RATES: [u64; 14] = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    const OLD_RATES: [u64; 14] = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    let (&[first, second, third, fourth], _) = sound.split_first_chunk::<4>()?;
    let (version, layer) = (second >> 3 & 3, second >> 1 & 3);
    if first != 0xff || second & 0xe0 != 0xe0 || version == 1 || layer != 1 {
        return None;
    }
    // 3 is MPEG 1, 2 is MPEG 2, 0 the 2.5 that telephones like.
    let is_first = version == 3;
    let rates = if is_first { NEW_RATES } else { OLD_RATES };
    // 0 leaves the rate open and 15 is forbidden.
    let kilobits = *rates.get(usize::from(third >> 4).checked_sub(1)?)?;
    let halved = match version {
        3 => 0,
        2 => 1,
        _ => 2,
    };
    let samples_per_second = *[44_100_u64, 48_000, 32_000].get(usize::from(third >> 2 & 3))? >> halved;
    let is_mono = fourth >> 6 == 3;
    let table = 4 + match (is_first, is_mono) {
        (true, false) => 32,
        (true, true) | (false, false) => 17,
        (false, true) => 9,
    };
    let samples = if is_first { 1_152 } else { 576 };
    Some(FrameHeader { kilobits, samples, samples_per_second, table })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A WAV file: 8,000 samples a second of one byte.
    fn wav(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut file = b"RIFF\0\0\0\0WAVE".to_vec();
        for (name, content) in chunks {
            file.extend_from_slice(*name);
            file.extend_from_slice(&u32::try_from(content.len()).unwrap().to_le_bytes());
            file.extend_from_slice(content);
            file.resize(file.len() + content.len() % 2, 0);
        }
        file
    }

    const FORMAT: &[u8] = b"\x07\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0";

    #[test]
    fn a_wav_file_says_how_long_it_lasts() {
        let file = wav(&[(b"LIST", b"odd"), (b"fmt ", FORMAT), (b"data", &[0x7f; 12_000])]);
        assert_eq!(format_of(&file), Some(AudioFormat::Wav));
        assert_eq!(milliseconds(AudioFormat::Wav, &file, file.len() as u64), Some(1_500));
        // Of a file whose length was not known when it was begun, what is there counts.
        let mut endless = file.clone();
        let place = endless.len() - 12_004;
        endless[place..place + 4].copy_from_slice(&[0xff; 4]);
        assert_eq!(milliseconds(AudioFormat::Wav, &endless, endless.len() as u64), Some(1_500));
        for torn in [
            wav(&[]),
            wav(&[(b"data", b"ab")]),
            wav(&[(b"fmt ", b"short")]),
            wav(&[(b"fmt ", &[0; 16]), (b"data", b"a")]),
        ] {
            assert_eq!(milliseconds(AudioFormat::Wav, &torn, torn.len() as u64), None);
        }
    }

    #[test]
    fn an_mp3_file_says_how_long_it_lasts() {
        // MPEG 1, layer 3, 128 kbit/s, 44,100 samples, stereo.
        let mut constant = vec![0xff, 0xfb, 0x90, 0x00];
        constant.resize(32_000, 0);
        assert_eq!(format_of(&constant), Some(AudioFormat::Mp3));
        assert_eq!(milliseconds(AudioFormat::Mp3, &constant, 32_000), Some(2_000));
        let mut tagged = b"ID3\x03\0\0\0\0\x01\x00".to_vec();
        tagged.resize(10 + 128, 0);
        tagged.extend_from_slice(&constant);
        assert_eq!(format_of(&tagged), Some(AudioFormat::Mp3));
        assert_eq!(milliseconds(AudioFormat::Mp3, &tagged, tagged.len() as u64), Some(2_000));
        let mut varying = constant.clone();
        varying[36..48].copy_from_slice(b"Xing\0\0\0\x01\0\0\x03\xe8");
        assert_eq!(milliseconds(AudioFormat::Mp3, &varying, 32_000), Some(26_122));
        // A tag with a picture: the sound comes later, and how long it lasts is not looked for.
        let pictured = b"ID3\x03\0\0\0\x7f\x7f\x7f and a picture";
        assert_eq!(format_of(pictured), Some(AudioFormat::Mp3));
        assert_eq!(milliseconds(AudioFormat::Mp3, pictured, 3_000_000), None);
    }

    #[test]
    fn nothing_else_is_taken() {
        let mut tagged = b"ID3\x03\0\0\0\0\0\x00".to_vec();
        tagged.extend_from_slice(b"<html>");
        for other in [
            b"".as_slice(),
            b"RIFF\0\0\0\0AVI LIST",
            b"OggS",
            b"<html>",
            b"\x89PNG\r\n\x1a\n",
            b"ID3",
            b"%PDF-1.7",
            // Layer 2, a forbidden rate, no rate, a forbidden sampling, no version.
            b"\xff\xfd\x90\0",
            b"\xff\xfb\xf0\0",
            b"\xff\xfb\x00\0",
            b"\xff\xfb\x9c\0",
            b"\xff\xeb\x90\0",
            b"\xff\xd8\xff\xe0",
            &tagged,
        ] {
            assert_eq!(format_of(other), None, "{other:?}");
        }
    }
}
