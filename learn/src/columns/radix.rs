//! Sorting integer keys by some of their bits, in time linear in their number.

/// A key that gives its bits.
pub(crate) trait Key: Copy + Default + Ord {
    /// `count` bits, at most 11, from bit `from` on.
    fn bits(self, from: u32, count: u32) -> usize;
}

impl Key for u32 {
    #[inline]
    fn bits(self, from: u32, count: u32) -> usize {
        (self >> from) as usize & ((1 << count) - 1)
    }
}

impl Key for u64 {
    #[inline]
    fn bits(self, from: u32, count: u32) -> usize {
        (self >> from) as usize & ((1 << count) - 1)
    }
}

/// Below this many keys a comparison sort is faster.
const FEW: usize = 192;

/// Widest digit: its counters fit the first-level cache.
const DIGIT: u32 = 11;

/// Sorts the keys by `count` bits from bit `from` on. Keys alike there end up in no order that matters: callers
/// either do not ask or have none.
pub(crate) fn sort_by_bits<K: Key>(keys: &mut Vec<K>, swap: &mut Vec<K>, from: u32, count: u32) {
    if keys.len() < FEW {
        keys.sort_unstable();
        return;
    }
    let widest = if keys.len() < 4096 { 8 } else { DIGIT };
    let passes = count.div_ceil(widest).max(1);
    let width = count.div_ceil(passes);
    swap.clear();
    swap.resize(keys.len(), K::default());
    let mut ends = [0u32; 1 << DIGIT];
    for pass in 0..passes {
        let first = from + pass * width;
        let width = width.min(from + count - first);
        let ends = &mut ends[..1 << width];
        ends.fill(0);
        for key in keys.iter() {
            ends[key.bits(first, width)] += 1;
        }
        let mut before = 0;
        for end in ends.iter_mut() {
            before += std::mem::replace(end, before);
        }
        for &key in keys.iter() {
            let place = &mut ends[key.bits(first, width)];
            swap[*place as usize] = key;
            *place += 1;
        }
        std::mem::swap(keys, swap);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_keys_come_out_as_a_comparison_would_have_them() {
        for n in [0u64, 1, 10, 191, 192, 1000, 10_000] {
            let scattered = |i: u64| i.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let mut keys: Vec<u64> = (0..n).map(|i| scattered(i) >> 20 << 32 | i).collect();
            let mut expected = keys.clone();
            expected.sort_unstable();
            sort_by_bits(&mut keys, &mut Vec::new(), 32, 32);
            assert_eq!(keys, expected);
            let mut keys: Vec<u32> = (0..n).map(|i| (scattered(i) >> 45) as u32).collect();
            let mut expected = keys.clone();
            expected.sort_unstable();
            sort_by_bits(&mut keys, &mut Vec::new(), 0, 19);
            assert_eq!(keys, expected);
        }
    }
}
