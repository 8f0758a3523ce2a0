//! Finds the bytes of a text that need something special, such as an escape. Most texts have none.

/// The position of the first special byte. `is_special` joins its comparisons with `|`: `matches!` of several patterns and
/// `||` become branches for each byte, and then a block takes six times as long.
pub fn first(bytes: &[u8], is_special: impl Fn(u8) -> bool) -> Option<usize> {
    // Without optimisation a block takes longer than its bytes one by one.
    if cfg!(debug_assertions) {
        return bytes.iter().position(|byte| is_special(*byte));
    }
    first_by_blocks(bytes, is_special)
}

fn first_by_blocks(bytes: &[u8], is_special: impl Fn(u8) -> bool) -> Option<usize> {
    let mut start = 0;
    while let Some(block) = bytes[start..].first_chunk::<16>() {
        if has_special(block, &is_special) {
            break;
        }
        start += block.len();
    }
    let rest = &bytes[start..];
    if rest.len() < 16 {
        // The last bytes together with some that are known: one by one they would take longer than all blocks.
        let is_plain = match (bytes.last_chunk::<16>(), rest.first_chunk::<8>()) {
            (Some(last), _) => !has_special(last, &is_special),
            (None, Some(first)) => {
                let last = rest.last_chunk::<8>().unwrap_or(first);
                !has_special(first, &is_special) && !has_special(last, &is_special)
            }
            (None, None) => false,
        };
        if is_plain {
            return None;
        }
    }
    // Most are near: half a block that has none is passed over at once.
    if let Some(half) = rest.first_chunk::<8>()
        && !has_special(half, &is_special)
    {
        start += half.len();
    }
    let position = bytes[start..].iter().position(|byte| is_special(*byte))?;
    Some(start + position)
}

/// No end in the middle of a block, so the compiler makes it a few comparisons of all its bytes.
fn has_special<const N: usize>(block: &[u8; N], is_special: &impl Fn(u8) -> bool) -> bool {
    (block.iter()).fold(false, |found, byte| found | is_special(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_them_is_found_at_each_position() {
        for length in 0..50 {
            let mut bytes = vec![b'a'; length];
            assert_eq!(first(&bytes, |byte| byte == b'x'), None);
            assert_eq!(first_by_blocks(&bytes, |byte| byte == b'x'), None);
            for position in (0..length).rev() {
                bytes[position] = b'x';
                assert_eq!(first(&bytes, |byte| byte == b'x'), Some(position));
                let found = first_by_blocks(&bytes, |byte| byte == b'x');
                assert_eq!(found, Some(position));
            }
        }
    }
}
