package import Primitives

/// Reads what the contract for validators' keys has on record, from its first block to the newest final one.
///
/// Only final blocks are read, each of them once and in order, and nothing is taken back: should the chain leave what was
/// final, reading goes on where it has stopped, and ``ChainAlarm/lost(_:)`` says that a person must look. There is no
/// cursor, since what to do follows from all that was recorded: it is read anew at each start. Blocks are asked for by
/// ranges, which are halved when they are not answered; one question is under way at a time.
package struct OperationsReader: Machine {
    /// Something that has happened.
    package enum Event: Sendable {
        /// All blocks up to this one are final.
        case finalized(BlockReference)
        /// What the blocks of the question under way tell, and the last of them.
        case read(UInt64, [OperationsRecord], through: BlockReference)
        /// The question under way was not answered; or it was, by the words that it is not.
        case failed(UInt64, isRefused: Bool)
    }

    /// Something to be done.
    package enum Action: Hashable, Sendable {
        /// Ask for the logs of these blocks, and for the last of the blocks, under this number.
        case ask(UInt64, ClosedRange<UInt64>)
        /// This is on record since what was delivered before, and no more up to this block.
        case deliver([OperationsRecord], through: BlockReference)
    }

    /// How many blocks are asked for at once at most; the contract writes little.
    package static let greatestRange: UInt64 = 8_192

    /// The newest final block.
    package private(set) var target: BlockReference?
    /// Up to where everything is delivered.
    package private(set) var delivered: BlockReference?
    /// The first block that is not read; `nil` when there can be none.
    private var next: UInt64?
    private var question: UInt64 = 0
    private var asked: ClosedRange<UInt64>?
    private var retryAt: Instant?
    private var rangeLimit = RangeLimit(greatest: OperationsReader.greatestRange)
    private let retryWait: Duration

    /// Reads from a block on.
    package init(firstBlock: UInt64, retryWait: Duration = .seconds(1)) {
        next = firstBlock
        self.retryWait = retryWait
    }

    /// The blocks that are asked for.
    package var range: ClosedRange<UInt64>? { asked }

    package var nextDeadline: Instant? { retryAt }

    package mutating func expired(at now: Instant) -> [Action] {
        guard let due = retryAt, due <= now else { return [] }
        retryAt = nil
        return proceed()
    }

    package mutating func handle(_ event: Event, at now: Instant) -> [Action] {
        switch event {
        case .finalized(let block):
            guard target.map({ $0.number < block.number }) ?? true else { return [] }
            target = block
            // Before the first block there is nothing, which is worth telling all the same.
            guard let next, next <= block.number else { return [deliver([], through: block)] }
            return proceed()
        case .read(let number, let records, let last):
            guard number == question, let range = asked, last.number == range.upperBound else { return [] }
            asked = nil
            rangeLimit.answered(UInt64(range.count))
            next = range.upperBound < .max ? range.upperBound + 1 : nil
            let isWhole = target.map { $0.number <= last.number } ?? false
            guard isWhole || !records.isEmpty else { return proceed() }
            return [deliver(records, through: last)] + proceed()
        case .failed(let number, let isRefused):
            guard number == question, let range = asked else { return [] }
            asked = nil
            // Who refuses is at work, and may answer the half at once.
            if rangeLimit.failed(UInt64(range.count)), isRefused { return proceed() }
            retryAt = now.advanced(by: retryWait)
            return []
        }
    }

    private mutating func deliver(_ records: [OperationsRecord], through last: BlockReference) -> Action {
        delivered = last
        return .deliver(records, through: last)
    }

    private mutating func proceed() -> [Action] {
        guard asked == nil, retryAt == nil, let target, let next, next <= target.number else { return [] }
        let length = min(rangeLimit.value - 1, target.number - next)
        let range = next...next + length
        asked = range
        question += 1
        return [.ask(question, range)]
    }
}
