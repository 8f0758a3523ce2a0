//! Hashes that are stored in files and compared between machines. They must never change.

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

/// FNV-1a, 64 bits.
#[must_use]
pub fn of_bytes(bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes.into_iter().fold(OFFSET, with_byte)
}

/// [`of_bytes`] of each text, followed by a byte that no text contains.
#[must_use]
pub fn of_texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> u64 {
    texts.into_iter().fold(OFFSET, |hash, text| {
        with_byte(text.bytes().fold(hash, with_byte), 0xff)
    })
}

fn with_byte(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(PRIME)
}

/// The finalizer of SplitMix64: every bit of the input changes half of the output. FNV-1a leaves its
/// high bits nearly alone for short texts.
#[must_use]
pub fn mix(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hashes_are_what_they_always_were() {
        assert_eq!(of_texts(["a", "b"]), 0xd2b3_7181_9297_f98a);
        assert_ne!(of_texts(["ab"]), of_texts(["a", "b"]));
        assert_ne!(of_texts(["", "a"]), of_texts(["a", ""]));
        // The first number of SplitMix64 with the seed 0, as its author gives it.
        assert_eq!(mix(0), 0xe220_a839_7b1d_cdaf);
    }
}
