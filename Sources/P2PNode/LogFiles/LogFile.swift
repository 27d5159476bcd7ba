package import Consensus
internal import Gossip
package import Primitives

/// Members' logs as one file that needs no node: what `oracle log export` writes.
///
/// ```
/// "oracle-log-1\n"                               the magic, with the version in it
/// blocks, each: kind (1 byte) ‖ length (uint32, little-endian) ‖ that many bytes
///   1  SSZ Deployment                            the first block, once
///   2  SSZ CommitteeRecord                       a committee that is known, in rising order of epoch
///   3  identity (32 bytes)                       a log begins
///   4  SSZ LogRange                              its next entries
///   5  entries (uint64) ‖ SHA-256                the end: how many entries, and the hash of all bytes before this block
/// ```
///
/// It is written and read block by block, so that a log of any length takes the memory of one block.
package enum LogFile {
    static let magic = Array("oracle-log-1\n".utf8)
    /// The most bytes of a block.
    static let blockLimit = 1 << 20
    /// The most committees in a file.
    static let committeeLimit = 256

    /// What a block holds.
    enum Kind: UInt8 {
        case deployment = 1
        case committee = 2
        case log = 3
        case range = 4
        case end = 5
    }

    /// What a file holds, piece by piece.
    package enum Piece: Sendable {
        /// Of which registry all of it is.
        case deployment(Deployment)
        /// A committee.
        case committee(CommitteeRecord)
        /// The log of this identity begins.
        case log(Identity)
        /// The next entries of the log.
        case entries([SignedObject])
        /// All was read, and is what was written: so many entries.
        case end(UInt64)
    }
}

/// Why a file of logs cannot be read, or does not hold.
package enum LogFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is another file, or of a later version.
    case foreign
    /// It ends in the middle.
    case cutShort
    /// A part of it is none.
    case malformed(String)
    /// Its bytes are not those that were written.
    case changed
    /// What it says of a log does not hold.
    case wrong(String)

    package var description: String {
        switch self {
        case .foreign: "it is no file of logs of this version. Write one with: oracle log export"
        case .cutShort: "it ends in the middle; fetch it again"
        case .malformed(let what): "it is spoilt: \(what)"
        case .changed: "its bytes are not those that were written: it was changed or damaged on the way"
        case .wrong(let what): what
        }
    }
}
