//! The last readings, in a fixed buffer that interrupt handlers may write to.

use std::mem::{self, MaybeUninit};

use crate::Reading;

const CAPACITY: usize = 64;

static mut DROPPED: usize = 0;

/// A ring of readings that never allocates after it was made.
pub struct Ring {
    slots: Box<[MaybeUninit<Reading>; CAPACITY]>,
    start: usize,
    length: usize,
}

unsafe impl Send for Ring {}
unsafe impl Sync for Ring {}

impl Ring {
    pub fn new() -> Ring {
        let slots: Box<[MaybeUninit<Reading>; CAPACITY]> =
            unsafe { Box::new(MaybeUninit::uninit().assume_init()) };
        Ring {
            slots,
            start: 0,
            length: 0,
        }
    }

    /// Adds a reading; the oldest makes room.
    pub fn push(&mut self, reading: Reading) {
        let at = (self.start + self.length) % CAPACITY;
        self.slots[at] = MaybeUninit::new(reading);
        if self.length < CAPACITY {
            self.length += 1;
        } else {
            self.start = (self.start + 1) % CAPACITY;
            unsafe {
                DROPPED += 1;
            }
        }
    }

    /// The reading at `index`, the oldest first.
    pub fn get(&self, index: usize) -> Reading {
        let at = (self.start + index) % CAPACITY;
        unsafe { self.slots.get_unchecked(at).assume_init() }
    }

    /// The newest reading, if there is one.
    pub fn last(&self) -> Option<Reading> {
        if self.length == 0 {
            return None;
        }
        let at = (self.start + self.length - 1) % CAPACITY;
        // SAFETY: `length` slots from `start` on were written by `push`, and `at` is the last of them.
        Some(unsafe { self.slots[at].assume_init() })
    }

    /// All readings, the oldest first.
    pub fn snapshot(&self) -> Vec<Reading> {
        let mut all = Vec::with_capacity(self.length);
        // SAFETY: there is room for `length` readings, and each is written below.
        unsafe { all.set_len(self.length) };
        for (index, slot) in all.iter_mut().enumerate() {
            *slot = self.get(index);
        }
        all
    }

    /// The bits of a level, for the wire.
    pub fn bits(level: f64) -> [u8; 8] {
        unsafe { mem::transmute(level) }
    }

    /// Hands the buffer to the driver, which never gives it back.
    pub fn leak(self) -> usize {
        let address = self.slots.as_ptr() as usize;
        mem::forget(self);
        address
    }
}

impl Default for Ring {
    fn default() -> Self {
        Ring::new()
    }
}

/// How many readings were lost since the program began.
pub fn dropped() -> usize {
    unsafe { DROPPED }
}
