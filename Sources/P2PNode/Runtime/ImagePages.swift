internal import CLinux
internal import Glibc

/// The pages of the program and of its libraries as they are in their files: code, constants, tables.
///
/// Starting touches much that is never needed again: relocations, type metadata, configuration and option parsing, the
/// making of a database. Linux keeps such pages mapped, and fifteen neighbours with each one touched; they were more than
/// a third of what an idle node was said to hold.
enum ImagePages {
    /// Unmaps them.
    ///
    /// What is used afterwards comes back by a minor fault, mostly from the page cache. A segment that the loader maps
    /// without the right to write is the same as its file from start to end, so nothing can be lost; the constants that
    /// it relocates and protects afterwards (RELRO) are in writable segments and are left alone. The loader's lock is
    /// held meanwhile: no library comes or goes.
    ///
    /// - Returns: The bytes of all such segments, resident or not.
    @discardableResult
    static func giveBack() -> Int {
        var bytes = 0
        unsafe withUnsafeMutablePointer(to: &bytes) { total in
            _ = unsafe linux_each_image(
                { image, _, total in
                    if let image = unsafe image?.pointee, let total = unsafe total {
                        unsafe total.assumingMemoryBound(to: Int.self).pointee += ImagePages.giveBack(image)
                    }
                    return 0  // go on
                },
                total
            )
        }
        return bytes
    }

    private static func giveBack(_ image: linux_image) -> Int {
        let page = UInt(sysconf(Int32(_SC_PAGESIZE)))
        var bytes = 0
        for index in 0..<Int(unsafe image.segment_count) {
            let segment = unsafe image.segments[index]
            guard segment.p_type == PT_LOAD, segment.p_flags & UInt32(PF_W) == 0 else { continue }
            let start = unsafe UInt(image.base) + UInt(segment.p_vaddr)
            let first = start / page * page
            let end = (start + UInt(segment.p_memsz)) / page * page
            guard end > first, let pages = unsafe UnsafeMutableRawPointer(bitPattern: first) else { continue }
            // A kernel that refuses keeps the pages, and nothing else is different.
            if unsafe madvise(pages, Int(end - first), MADV_DONTNEED) == 0 { bytes += Int(end - first) }
        }
        return bytes
    }
}
