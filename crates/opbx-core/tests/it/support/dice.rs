//! Choices read from bytes. A generator written as a plain function over them is shorter than one of combinators, and
//! shrinks well: where the bytes end, every choice is the first one.

use std::str::FromStr;

/// A row of choices.
#[derive(Debug)]
pub(crate) struct Dice {
    bytes: Vec<u8>,
    at: usize,
}

impl Dice {
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, at: 0 }
    }

    fn byte(&mut self) -> u8 {
        self.at += 1;
        self.bytes.get(self.at - 1).copied().unwrap_or_default()
    }

    /// A number below `sides`, which is not zero.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        usize::from(self.byte()) % sides
    }

    /// A number in a range, both ends included.
    pub(crate) fn between(&mut self, least: u32, most: u32) -> u32 {
        let number = u32::from(self.byte()) << 16 | u32::from(self.byte()) << 8 | u32::from(self.byte());
        least + number % (most - least + 1)
    }

    pub(crate) fn chance(&mut self) -> bool {
        self.roll(2) == 1
    }

    pub(crate) fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.roll(3) == 1 { Some(make(self)) } else { None }
    }

    pub(crate) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())].clone()
    }

    /// One of these texts as a value.
    pub(crate) fn parse<T: FromStr>(&mut self, from: &[&str]) -> T {
        let text = self.pick(from);
        text.parse().unwrap_or_else(|_| panic!("`{text}` is a value"))
    }
}
