//! Looks at eight bytes at once, without a branch for each of them.

/// A word whose bytes are all the same.
pub(super) const fn repeated(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// Is not 0 exactly if a byte of the word is less than `limit`, which is 128 at most. The lowest bit that is set is the highest
/// of such a byte; above it, bits may be set for other bytes.
pub(super) const fn below(word: u64, limit: u8) -> u64 {
    word.wrapping_sub(repeated(limit)) & !word & repeated(0x80)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_byte_below_a_limit_is_found() {
        for limit in [1, 2, 32, 33, 128] {
            for byte in 0..=255 {
                for place in 0..8 {
                    for around in [128, 200, 255] {
                        let mut bytes = [around; 8];
                        bytes[place] = byte;
                        let found = below(u64::from_le_bytes(bytes), limit);
                        match byte < limit {
                            true => assert_eq!(found.trailing_zeros() as usize / 8, place),
                            false => assert_eq!(found, 0, "{byte} {limit}"),
                        }
                    }
                }
            }
        }
    }
}
