package import Primitives

/// Reads the registry's logs of the blocks that the follower applies, in the order of the chain.
///
/// Near the head it asks by block hash, so that an answer is about the very block that was followed; blocks whose
/// bloom filter excludes the registry are not asked about. What was passed over is asked for by ranges, which are
/// halved at any error, since providers limit them in ways of their own and say so in words of their own.
///
/// One question is under way at a time. What is undone before it was read is dropped in silence.
package struct LogCollector: Machine {
    /// Something that has happened.
    package enum Event: Sendable {
        /// The follower has a new tip.
        case applied(BlockHeader)
        /// The follower has passed over these blocks.
        case passedOver(ClosedRange<UInt64>)
        /// The follower has undone a block.
        case undone(BlockReference)
        /// Logs of the question under way, read and proven as far as they prove themselves; and from whom, if it is one
        /// alone, whose word may be doubted.
        case read(UInt64, [RegistryRecord], from: Int?)
        /// The question under way was not answered; or it was, by the words that it is not.
        case failed(UInt64, isRefused: Bool)
    }

    /// Something to be done.
    package enum Action: Hashable, Sendable {
        /// Ask this under this number; avoid an endpoint whose answer is doubted.
        case ask(UInt64, LogFilter.Place, avoiding: Int?)
        /// All that the chain tells up to this block is delivered, this last.
        case deliver([RegistryRecord], upTo: BlockReference?)
        /// What this block told is taken back.
        case retract(BlockReference)
    }

    private enum Work: Hashable {
        case block(BlockReference, mayHaveLogs: Bool)
        case range(ClosedRange<UInt64>)
    }

    /// How many blocks are asked for at once at most.
    package static let greatestRange: UInt64 = 2_048

    private let address: Address
    private var work: [Work] = []
    private var question: UInt64 = 0
    private var isAsking = false
    private var retryAt: Instant?
    private var rangeLimit = RangeLimit(greatest: LogCollector.greatestRange)
    private var doubted: Int?
    private let retryWait: Duration

    /// Reads the logs of one registry.
    package init(address: Address, retryWait: Duration = .seconds(1)) {
        self.address = address
        self.retryWait = retryWait
    }

    /// Whether everything that was applied is delivered.
    package var isIdle: Bool { work.isEmpty }

    package var nextDeadline: Instant? { retryAt }

    package mutating func expired(at now: Instant) -> [Action] {
        guard let due = retryAt, due <= now else { return [] }
        retryAt = nil
        return proceed()
    }

    package mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        switch event {
        case .applied(let header):
            work.append(.block(header.reference, mayHaveLogs: mayHaveLogs(header.bloom)))
            return proceed()
        case .passedOver(let range):
            work.append(.range(range))
            return proceed()
        case .undone(let block):
            return undone(block)
        case .read(let number, let records, let endpoint):
            guard number == question, isAsking else { return [] }
            isAsking = false
            return read(records, from: endpoint)
        case .failed(let number, let isRefused):
            guard number == question, isAsking else { return [] }
            isAsking = false
            var isShorter = false
            if case .range(let range)? = work.first {
                isShorter = rangeLimit.failed(UInt64(piece(of: range).count))
            }
            // Who refuses is at work, and may answer the half at once.
            if isRefused, isShorter { return proceed() }
            retryAt = now.advanced(by: retryWait)
            return []
        }
    }

    private func mayHaveLogs(_ bloom: Bloom) -> Bool {
        bloom.mayContain(address) && RegistryEvent.topics.contains { bloom.mayContain($0) }
    }

    private mutating func undone(_ block: BlockReference) -> [Action] {
        // Blocks are undone newest first, so that one still waiting to be read is the last.
        if case .block(block, _)? = work.last {
            work.removeLast()
            if work.isEmpty {
                isAsking = false
                retryAt = nil
                doubted = nil
            }
            return []
        }
        return [.retract(block)]
    }

    private mutating func read(_ records: [RegistryRecord], from endpoint: Int?) -> [Action] {
        guard let first = work.first else { return [] }
        switch first {
        case .block(let block, _):
            // The filter says there may be logs and the endpoint says there are none: another shall say so too.
            if records.isEmpty, doubted == nil, let endpoint {
                doubted = endpoint
                return proceed()
            }
            doubted = nil
            work.removeFirst()
            return [.deliver(records, upTo: block)] + proceed()
        case .range(let range):
            let read = piece(of: range)
            rangeLimit.answered(UInt64(read.count))
            if read.upperBound == range.upperBound {
                work.removeFirst()
            } else {
                work[0] = .range(read.upperBound + 1...range.upperBound)
            }
            return [.deliver(records, upTo: nil)] + proceed()
        }
    }

    private func piece(of range: ClosedRange<UInt64>) -> ClosedRange<UInt64> {
        let last = range.lowerBound + (rangeLimit.value - 1)
        return range.lowerBound...min(last, range.upperBound)
    }

    private mutating func proceed() -> [Action] {
        var actions: [Action] = []
        while !isAsking, retryAt == nil, let next = work.first {
            switch next {
            case .block(let block, mayHaveLogs: false):
                work.removeFirst()
                actions.append(.deliver([], upTo: block))
            case .block(let block, mayHaveLogs: true):
                actions.append(ask(.block(block.hash)))
            case .range(let range):
                actions.append(ask(.range(piece(of: range))))
            }
        }
        return actions
    }

    private mutating func ask(_ place: LogFilter.Place) -> Action {
        question += 1
        isAsking = true
        return .ask(question, place, avoiding: doubted)
    }
}
