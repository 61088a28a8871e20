//! An entry in a file of the journal.
//!
//! ```text
//! length of the content (4) · checksum (4) · number (8) · content
//! ```
//!
//! all numbers with their lowest byte first. The checksum (CRC-32) covers the number and the content; a length that was not
//! written whole leads to a checksum that cannot be right.

use super::MOST_BYTES;

/// What stands before the content.
pub(super) const HEAD: usize = 16;

/// What stands at a place of a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Frame<'b> {
    /// An entry with its number.
    Whole {
        /// Its number.
        number: u64,
        /// What it says.
        content: &'b [u8],
    },
    /// The file ends here.
    End,
    /// Something that is no entry: what was being written when a process or a machine stopped, or damage.
    Torn,
}

impl<'b> Frame<'b> {
    /// What stands at the beginning of these bytes, which go to the end of the file.
    pub(super) fn read(bytes: &'b [u8]) -> Self {
        if bytes.is_empty() {
            return Self::End;
        }
        let Some((head, rest)) = bytes.split_first_chunk::<HEAD>() else { return Self::Torn };
        let [a, b, c, d, e, f, g, h, number @ ..] = head;
        let length = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
        let checksum = u32::from_le_bytes([*e, *f, *g, *h]);
        match rest.get(..length) {
            Some(content) if length <= MOST_BYTES && sum(number, content) == checksum => {
                Self::Whole { number: u64::from_le_bytes(*number), content }
            }
            _ => Self::Torn,
        }
    }

    /// Writes an entry behind what stands in a buffer.
    pub(super) fn write(number: u64, content: &[u8], buffer: &mut Vec<u8>) {
        let number = number.to_le_bytes();
        // Longer than the longest body that is taken, it would not have come here.
        let length = u32::try_from(content.len()).unwrap_or(u32::MAX);
        buffer.extend_from_slice(&length.to_le_bytes());
        buffer.extend_from_slice(&sum(&number, content).to_le_bytes());
        buffer.extend_from_slice(&number);
        buffer.extend_from_slice(content);
    }
}

fn sum(number: &[u8; 8], content: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(number);
    sum.update(content);
    sum.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_read_as_it_was_written_and_nothing_that_was_changed_is() {
        let mut bytes = Vec::new();
        Frame::write(7, b"seven", &mut bytes);
        assert_eq!(Frame::read(&bytes), Frame::Whole { number: 7, content: b"seven" });
        for end in 1..bytes.len() {
            assert_eq!(Frame::read(&bytes[..end]), Frame::Torn, "{end}");
        }
        for place in 0..bytes.len() {
            for bit in 0..8 {
                let mut other = bytes.clone();
                other[place] ^= 1 << bit;
                assert_eq!(Frame::read(&other), Frame::Torn, "{place} {bit}");
            }
        }
        assert_eq!(Frame::read(&[]), Frame::End);
        // What a file that was made longer in advance would hold.
        assert_eq!(Frame::read(&[0; 64]), Frame::Torn);
    }
}
