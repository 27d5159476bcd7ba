internal import CLinux

/// The heaps that the C library keeps for a process's threads.
package enum HeapArenas {
    /// Lets all threads share two heaps.
    ///
    /// Otherwise a thread that finds all heaps in use makes another, up to eight for each core, and each keeps what it
    /// once grew to: a node's memory would rise for hours until all are there. To be called before threads are many;
    /// heaps that exist stay.
    ///
    /// - Returns: Whether the C library took it; a node runs as well without.
    @discardableResult
    package static func share() -> Bool {
        linux_limit_heaps(2) == 1
    }
}
