internal import Consensus
package import Primitives

/// What the chain shows of the anchors of the members' logs: the newest, and how sure it is.
package struct ProofStanding: Hashable, Sendable {
    /// How many records are kept for the case that the newest are taken back.
    static let limit = 64

    /// What the contract knew where following began; of what was final then no log is told.
    private var beginning: LatestProof
    /// The records since, in rising order of their numbers, none left out.
    private var records: [ProofAnchorRecord] = []
    private var confirmed: UInt64 = 0

    /// What the contract knows where following begins.
    init(beginning: LatestProof) {
        self.beginning = beginning
    }

    /// The newest anchor.
    package var newest: LatestProof { records.last?.anchor.place ?? beginning }

    /// Where the newest stands in the chain; `nil` when it was there to stay before following began.
    package var record: ProofAnchorRecord? { records.last }

    /// Whether the newest lies as deep as the node asks for.
    package var isConfirmed: Bool { records.last.map { $0.anchor.number <= confirmed } ?? true }

    /// The newest anchor that lies as deep as the node asks for, and where it is known to stand; none while that is open.
    package var confirmedNewest: (place: LatestProof, record: ProofAnchorRecord?) {
        if let record = records.last(where: { $0.anchor.number <= confirmed }) {
            return (record.anchor.place, record)
        }
        // What the beginning showed may be among what is still to be confirmed.
        let isOlder = records.first.map { beginning.number < $0.anchor.number } ?? true
        return (isOlder ? beginning : .none, nil)
    }

    mutating func see(_ record: ProofAnchorRecord, _ stage: ChainStage) {
        let number = record.anchor.number
        switch stage {
        case .included:
            // A branch's record takes the place of what another branch had from there on.
            forget(from: number)
            records.append(record)
            if records.count > Self.limit { records.removeFirst() }
        case .confirmed, .final: confirmed = max(confirmed, number)
        case .gone:
            forget(from: number)
            if number > 0, number <= beginning.number {
                beginning = LatestProof(number: number - 1, root: Digest())
            }
        }
    }

    private mutating func forget(from number: UInt64) {
        records.removeAll { $0.anchor.number >= number }
        if number > 0 { confirmed = min(confirmed, number - 1) }
    }
}
