//! What values hold on the heap, as an estimate that is cheap to make: what a plan takes must be known before it can be
//! decided how many of them stay in memory.
//!
//! A block counts what was asked for, rounded up as an allocator rounds. Nothing is counted that plans share (the rules
//! of a zone), and nothing here depends on which allocator there is.

use std::collections::HashMap;
use std::sync::Arc;

/// A value that knows what it holds on the heap.
pub(crate) trait Heap {
    /// How many bytes, besides those of the value itself.
    fn heap(&self) -> usize;
}

/// What a block of this many bytes takes: allocators hand out multiples of 16, and what is larger in steps of an eighth.
pub(crate) const fn block(bytes: usize) -> usize {
    match bytes {
        0 => 0,
        1..=128 => bytes.next_multiple_of(16),
        _ => bytes.next_multiple_of(bytes.next_power_of_two() / 16),
    }
}

impl Heap for str {
    fn heap(&self) -> usize {
        block(self.len())
    }
}

impl Heap for Arc<str> {
    fn heap(&self) -> usize {
        block(self.len() + 2 * size_of::<usize>())
    }
}

impl<T: Heap> Heap for Option<T> {
    fn heap(&self) -> usize {
        self.as_ref().map_or(0, Heap::heap)
    }
}

impl<T: Heap> Heap for Box<T> {
    fn heap(&self) -> usize {
        block(size_of::<T>()) + T::heap(self)
    }
}

impl<T: Heap> Heap for [T] {
    fn heap(&self) -> usize {
        self.iter().map(Heap::heap).sum()
    }
}

impl<T: Heap> Heap for Vec<T> {
    fn heap(&self) -> usize {
        block(self.capacity() * size_of::<T>()) + self.as_slice().heap()
    }
}

impl<A: Heap, B: Heap> Heap for (A, B) {
    fn heap(&self) -> usize {
        self.0.heap() + self.1.heap()
    }
}

/// The standard library's tables: a power of two of places, of which seven in eight may be taken, each with a byte
/// beside it, and sixteen of these bytes more.
impl<K, V: Heap, S> Heap for HashMap<K, V, S> {
    fn heap(&self) -> usize {
        let places = match self.capacity() {
            0 => return 0,
            1..=3 => 4,
            4..=7 => 8,
            more => (more * 8 / 7).next_power_of_two(),
        };
        block(places * (size_of::<(K, V)>() + 1) + 16) + self.values().map(Heap::heap).sum::<usize>()
    }
}

/// Says of types that they hold nothing on the heap.
macro_rules! flat {
    ($($flat:ty),* $(,)?) => {$(
        impl $crate::heap::Heap for $flat {
            fn heap(&self) -> usize {
                0
            }
        }
    )*};
}

/// Says of types that what they hold on the heap is a text.
macro_rules! texts {
    ($($text:ty: $read:ident),* $(,)?) => {$(
        impl $crate::heap::Heap for $text {
            fn heap(&self) -> usize {
                self.$read().heap()
            }
        }
    )*};
}

/// Names the fields of a type that hold something on the heap.
macro_rules! fields {
    ($($owner:ty { $($field:ident),* };)*) => {$(
        impl $crate::heap::Heap for $owner {
            fn heap(&self) -> usize {
                [$(self.$field.heap()),*].iter().sum()
            }
        }
    )*};
}

pub(crate) use {fields, flat, texts};

flat!(usize, u32);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_never_smaller_than_what_it_holds_nor_much_larger() {
        for bytes in 0..10_000 {
            let whole = block(bytes);
            assert!(whole >= bytes && whole <= bytes + 15.max(bytes / 4), "{bytes}: {whole}");
            assert!(whole <= block(bytes + 1), "{bytes}");
        }
    }
}
