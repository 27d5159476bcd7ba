internal import Consensus
internal import Cryptography
internal import Primitives

/// Follows one log entry by entry, and stops at the first that does not go on from the one before.
struct LogFollower {
    let author: Identity
    private let domains: SigningDomains
    private let committees: [Epoch: Committee]
    /// The first entry that was seen; a log may begin later than with its first.
    private(set) var first: UInt64 = 0
    /// The last entry that was followed.
    private(set) var last: UInt64 = 0
    private(set) var head = Digest()
    private(set) var epoch = Epoch(0)
    /// What the log comes to, if it was seen from its first entry on.
    private(set) var tree = LogTree()

    /// The log of an identity, of which nothing was seen.
    ///
    /// - Parameters:
    ///   - author: Whose log it is.
    ///   - deployment: What its entries are signed for.
    ///   - committees: Which positions the author may have in which epoch.
    init(_ author: Identity, _ deployment: Deployment, _ committees: [Epoch: Committee]) {
        self.author = author
        domains = SigningDomains(deployment)
        self.committees = committees
    }

    /// The root over all entries, if all were seen.
    var root: Digest? { tree.size == last && last > 0 ? tree.root : nil }

    /// Takes an entry that stands where another was seen; answers whether it is that one.
    mutating func take(_ signed: SignedObject) throws(LogFileError) {
        let entry = try check(signed)
        let place = signed.object.order.sequence
        if last == 0 {
            first = place
        } else {
            guard place == last + 1 else { throw wrong(place, "it follows entry \(last)") }
            guard entry.previous == head else {
                throw wrong(place, "it names another entry before it than entry \(last)")
            }
            guard signed.object.epoch >= epoch else {
                throw wrong(place, "it is of epoch \(signed.object.epoch), after one of epoch \(epoch)")
            }
        }
        guard place > 1 || entry.previous == Digest() else { throw wrong(place, "it names one before it") }
        last = place
        head = signed.hashTreeRoot()
        epoch = signed.object.epoch
        if tree.size + 1 == place { tree.append(LogTree.leaf(head)) }
    }

    /// Whether it is an entry that the author has signed, at whatever place.
    func check(_ signed: SignedObject) throws(LogFileError) -> Primitives.LogEntry {
        let object = signed.object
        let place = object.order.sequence
        guard object.kind == .logEntry, place > 0, object.order.incarnation == 0,
            let entry = try? Primitives.LogEntry(ssz: object.payload.bytes)
        else { throw wrong(place, "it is no entry of a log") }
        guard let committee = committees[object.epoch] else {
            throw wrong(place, "the committee of epoch \(object.epoch) is not known")
        }
        guard committee.identity(of: object.author) == author else {
            throw wrong(place, "in epoch \(object.epoch) member \(object.author) is somebody else")
        }
        guard Ed25519Verifier().isValid(signed, in: domains, by: author) else {
            throw wrong(place, "its signature is not its author's")
        }
        return entry
    }

    private func wrong(_ place: UInt64, _ what: String) -> LogFileError {
        .wrong("entry \(place) of the log of \(author): \(what)")
    }
}
