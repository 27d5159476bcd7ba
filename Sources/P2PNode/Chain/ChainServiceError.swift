/// Why the chain layer cannot go on.
package enum ChainServiceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// So many events waited that more would not have been kept.
    case slowConsumer(Int)
    /// What is stored was written by another version of the program.
    case unknownVersion(UInt16)
    /// The database does not take what must be kept, in these words.
    case store(String)

    package var description: String {
        switch self {
        case .slowConsumer(let count): "\(count) events of the chain wait unread; the node is overloaded"
        case .unknownVersion(let version):
            "the chain's memory has version \(version); start the newer program that wrote it"
        case .store(let reason): "the chain's memory could not be written: \(reason)"
        }
    }
}
