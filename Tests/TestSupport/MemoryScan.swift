import Glibc

/// What must not be found in memory, kept so that the search does not find its own copy.
package struct Trace: Sendable {
    private static let mask: UInt8 = 0x5A
    private let masked: [UInt8]

    /// Notes bytes without making a plain copy of them.
    package init(_ bytes: UnsafeRawBufferPointer) {
        masked = bytes.indices.map { unsafe bytes[$0] ^ Self.mask }
    }

    private init(masked: [UInt8]) {
        self.masked = masked
    }

    /// The same bytes in the opposite order, as little-endian arithmetic holds a number.
    package var reversed: Trace { Trace(masked: masked.reversed()) }

    var count: Int { masked.count }

    /// Where the bytes stand in a buffer.
    func places(in buffer: UnsafeRawBufferPointer) -> [Int] {
        var places: [Int] = []
        guard buffer.count >= count, let base = buffer.baseAddress else { return [] }
        let first = Int32(masked[0] ^ Self.mask)
        var start = 0
        while start + count <= buffer.count,
            let hit = unsafe memchr(base + start, first, buffer.count - count + 1 - start)
        {
            let place = unsafe UnsafeRawPointer(hit) - base
            if masked.indices.allSatisfy({ unsafe buffer[place + $0] == masked[$0] ^ Self.mask }) {
                places.append(place)
            }
            start = place + 1
        }
        return places
    }
}

/// A part of the process's memory that it may write to.
package struct MemoryPart: Sendable {
    /// Its addresses.
    package let range: Range<UInt>
    /// Whether it is kept out of swap, as the memory of secrets is.
    package let isLocked: Bool
    /// What is mapped there.
    package let name: String

    /// All of them, by `/proc/self/smaps`; reservations of a sanitizer, too great to be memory, are left out.
    package static func all() -> [MemoryPart] {
        var parts: [MemoryPart] = []
        var header: (range: Range<UInt>, name: String)?
        for line in lines(of: "/proc/self/smaps") {
            let words = line.split(separator: " ")
            let bounds = words.first.map { $0.split(separator: "-") } ?? []
            if bounds.count == 2, let low = UInt(bounds[0], radix: 16), let high = UInt(bounds[1], radix: 16)
            {
                let isWritable = words.count > 1 && words[1].hasPrefix("rw")
                header = isWritable && high - low <= 1 << 30 ? (low..<high, String(words.last ?? "")) : nil
            } else if words.first == "VmFlags:", let found = header {
                parts.append(MemoryPart(range: found.range, isLocked: words.contains("lo"), name: found.name))
            }
        }
        return parts
    }

    private static func lines(of path: String) -> [Substring] {
        let file = unsafe open(path, O_RDONLY)
        guard file >= 0 else { exit(101) }
        defer { close(file) }
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            text += chunk[..<count]
        }
        return String(decoding: text, as: UTF8.self).split(separator: "\n")
    }
}

/// Looks through all memory that the process may write to.
@safe
package struct MemoryScan: ~Copyable {
    /// Where something was found.
    package struct Hit {
        /// Its first byte.
        package let address: UInt
        /// What it lies in.
        package let part: MemoryPart
    }

    private static let size = 1 << 20
    /// Memory of its own, which is not looked through.
    private let buffer = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    private let file = unsafe open("/proc/self/mem", O_RDONLY)

    /// A search that has not begun.
    package init() {}

    deinit {
        unsafe munmap(buffer, Self.size)
        close(file)
    }

    /// Every place of any of the traces.
    package func hits(of traces: [Trace]) -> [Hit] {
        guard let buffer = unsafe buffer, unsafe buffer != MAP_FAILED, file >= 0 else { exit(102) }
        let own = UInt(bitPattern: buffer)
        let overlap = UInt((traces.map(\.count).max() ?? 1) - 1)
        var hits: [Hit] = []
        for part in MemoryPart.all() {
            var address = part.range.lowerBound
            while address < part.range.upperBound {
                let wanted = min(Self.size, Int(part.range.upperBound - address))
                defer { address += wanted < Self.size ? UInt(wanted) : UInt(wanted) - overlap }
                // The kernel joins neighbouring mappings, so only the buffer's own pages are left out.
                let isOwn = address < own + UInt(Self.size) && own < address + UInt(wanted)
                let count = unsafe pread(file, buffer, wanted, off_t(address))
                guard count > 0 else { continue }
                let found = unsafe UnsafeRawBufferPointer(start: buffer, count: count)
                for trace in traces {
                    for place in unsafe trace.places(in: found) {
                        let hit = address + UInt(place)
                        if isOwn, (own..<own + UInt(Self.size)).contains(hit) { continue }
                        hits.append(Hit(address: hit, part: part))
                    }
                }
            }
        }
        unsafe explicit_bzero(buffer, Self.size)
        return hits
    }
}
