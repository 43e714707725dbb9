//! What is asked of the system's allocator, apart from everything else: it is the one place with
//! a call that Rust cannot check.

/// Gives memory that was freed back to the system, at once; nothing that is in use moves.
///
/// glibc keeps what lies between two blocks that are in use: after a queue of 200,000 listings got its
/// new order, 93 of the 375 MB that it held were in use. Others give back by themselves, so there
/// this does nothing. It takes some milliseconds, for which threads that allocate wait.
pub fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        #[expect(unsafe_code, reason = "the C library has no other way to be asked")]
        // SAFETY: it may be called at any time by any thread; its number is how much to keep.
        let _given = unsafe { libc::malloc_trim(0) };
    }
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
mod tests {
    /// Pages of memory that this process holds.
    fn held() -> u64 {
        let pages = std::fs::read_to_string("/proc/self/statm").expect("Linux has it");
        let pages = pages.split_whitespace().nth(1).expect("the second number");
        pages.parse().expect("a number of pages")
    }

    #[test]
    fn what_was_freed_below_what_is_in_use_is_given_back() {
        let mut blocks: Vec<Vec<u8>> = (0..16 * 1024).map(|_| vec![1; 1024]).collect();
        let last = blocks.pop();
        drop(blocks);
        let before = held();
        super::give_back();
        let given = before - held();
        assert!(given > 2_000, "{given} of some 4,000 pages");
        drop(last);
    }
}
