package import KeyOperations
internal import Primitives

/// What the contract for validators' keys says of a request after a block.
package struct RequestStanding: Hashable, Sendable {
    /// Where a request has come to.
    package enum Phase: UInt64, Hashable, Sendable {
        /// There is none.
        case unknown
        /// It may be reported about.
        case open
        /// Everything is reported.
        case done
        /// The governor has taken it back.
        case cancelled
        /// The committee has given it up.
        case failed
    }

    /// Where it stands.
    package var phase: Phase
    /// A bit for each validator of a request for new ones that is made.
    package var made: UInt64

    /// A state.
    package init(_ phase: Phase, made: UInt64 = 0) {
        self.phase = phase
        self.made = made
    }

    /// The data of the call that asks for it.
    package static func question(_ request: RequestID) -> [UInt8] {
        ABISignature("requestState", [.word]).call([.word(Digest(request.storage))])
    }

    /// Reads what the call returned.
    ///
    /// - Throws: ``ABIError`` when the contract cannot have returned it.
    package init(result: [UInt8]) throws(ABIError) {
        let values = try ABIDecoder.decode([.uint(8), .uint(256)], from: result)
        guard let phase = Phase(rawValue: try values[0].asUInt64("state")) else {
            throw .unexpected("a request in another state")
        }
        self.phase = phase
        made = try values[1].asUInt64("done")
    }

    /// Whether what a call reports is on record.
    package func has(_ deed: ReportCall.Deed) -> Bool {
        switch deed {
        case .creation(let index): index < 64 && made >> UInt64(index) & 1 == 1
        case .fulfilment: phase == .done
        case .failure: phase == .failed
        }
    }

    /// Whether nothing more will be taken.
    package var isOver: Bool {
        switch phase {
        case .unknown, .open: false
        case .done, .cancelled, .failed: true
        }
    }
}
