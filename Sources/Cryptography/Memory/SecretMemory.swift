internal import CSodium
internal import Glibc
internal import Synchronization

/// The locked memory that all secrets of the process live in.
///
/// It consists of regions between guard pages, kept out of swap, core dumps and forked children, and cut into
/// slots of 64 bytes. A page for each secret, as `sodium_malloc` takes, would exhaust the usual limit on locked
/// memory (`RLIMIT_MEMLOCK`, often 8 MiB) with some hundred secrets; here a region of 32 KiB holds 512 of them.
/// A free slot is always zero.
package enum SecretMemory {
    static let slotSize = 64
    /// The longest secret there is room for, in bytes.
    package static let greatestLength = 16_384

    private static let arena = Mutex(SecretArena())

    /// Whether all of it is locked into main memory.
    ///
    /// `false` means that the operating system refused (`ulimit -l` is too low) and that secrets can reach swap.
    /// Whether to go on then is for the program to say.
    package static var isLocked: Bool {
        arena.withLock { arena in
            if arena.regions.isEmpty { arena.addRegion() }
            return arena.regions.allSatisfy(\.isLocked)
        }
    }

    /// The number of slots that secrets occupy now.
    package static var slotsInUse: Int {
        arena.withLock { arena in arena.regions.reduce(0) { $0 + $1.slotsInUse } }
    }

    /// Takes neighbouring slots, enough for `count` bytes, all zero.
    static func take(_ count: Int) -> UnsafeMutableRawPointer {
        precondition(count > 0 && count <= greatestLength, "no secret has \(count) bytes")
        let address = arena.withLock { $0.take(slots: slots(for: count)) }
        guard let pointer = unsafe UnsafeMutableRawPointer(bitPattern: address) else {
            preconditionFailure("secret memory at address 0")
        }
        return unsafe pointer
    }

    /// Wipes slots and gives them back.
    static func wipeAndReturn(_ pointer: UnsafeMutableRawPointer, _ count: Int) {
        unsafe sodium_memzero(pointer, count)
        let address = UInt(bitPattern: pointer)
        arena.withLock { $0.giveBack(address, slots: slots(for: count)) }
    }

    private static func slots(for count: Int) -> Int {
        (count + slotSize - 1) / slotSize
    }
}

/// The regions, by address: the pointers are made where bytes are touched.
private struct SecretArena: Sendable {
    private(set) var regions: [SecretRegion] = []

    mutating func take(slots: Int) -> UInt {
        for index in regions.indices.reversed() {
            if let address = regions[index].take(slots) { return address }
        }
        addRegion()
        guard let address = regions[regions.count - 1].take(slots) else {
            preconditionFailure("a fresh region has no \(slots) free slots")
        }
        return address
    }

    mutating func giveBack(_ address: UInt, slots: Int) {
        for index in regions.indices where regions[index].contains(address) {
            regions[index].giveBack(address, slots)
            return
        }
        preconditionFailure("not an address of secret memory")
    }

    mutating func addRegion() {
        regions.append(SecretRegion())
    }
}

/// One run of locked pages with an inaccessible page before and after it.
private struct SecretRegion: Sendable {
    private static let size = 32_768

    let isLocked: Bool
    private(set) var slotsInUse = 0
    private let base: UInt
    private var isTaken = [Bool](repeating: false, count: size / SecretMemory.slotSize)
    private var nextSlot = 0

    /// Maps and locks the pages.
    ///
    /// Traps when the system has no memory left, as every allocation does.
    init() {
        Libraries.prepare()
        let page = sysconf(Int32(_SC_PAGESIZE))
        precondition(page > 0, "the system does not know its page size")
        let guarded = unsafe mmap(nil, Self.size + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let guarded = unsafe guarded, unsafe guarded != MAP_FAILED else {
            preconditionFailure("no memory for secrets (errno \(errno))")
        }
        let start = unsafe guarded + page
        let opened = unsafe mprotect(start, Self.size, PROT_READ | PROT_WRITE)
        precondition(opened == 0, "no access to the memory for secrets (errno \(errno))")
        // A child holding the same nonces could sign with them a second time.
        let kept = unsafe madvise(start, Self.size, MADV_DONTFORK)
        isLocked = unsafe sodium_mlock(start, Self.size) == 0 && kept == 0
        base = UInt(bitPattern: start)
    }

    func contains(_ address: UInt) -> Bool {
        address >= base && address < base + UInt(Self.size)
    }

    mutating func take(_ count: Int) -> UInt? {
        guard let first = free(count, in: nextSlot..<isTaken.count) ?? free(count, in: 0..<isTaken.count)
        else {
            return nil
        }
        for slot in first..<(first + count) { isTaken[slot] = true }
        slotsInUse += count
        nextSlot = first + count
        return base + UInt(first * SecretMemory.slotSize)
    }

    mutating func giveBack(_ address: UInt, _ count: Int) {
        let first = Int(address - base) / SecretMemory.slotSize
        for slot in first..<(first + count) {
            precondition(isTaken[slot], "a slot of secret memory was given back twice")
            isTaken[slot] = false
        }
        slotsInUse -= count
        nextSlot = first
    }

    private func free(_ count: Int, in range: Range<Int>) -> Int? {
        guard isTaken.count - slotsInUse >= count else { return nil }
        var run = 0
        for slot in range {
            run = isTaken[slot] ? 0 : run + 1
            if run == count { return slot - count + 1 }
        }
        return nil
    }
}
