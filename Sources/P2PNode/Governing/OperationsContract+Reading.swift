package import Ethereum
internal import Primitives

extension OperationsContract {
    /// The contract's logs in a range of blocks, in the order of the chain.
    ///
    /// Ranges that the endpoint does not answer are halved; one that is busy is asked again a few times.
    ///
    /// - Parameters:
    ///   - range: Of which blocks.
    ///   - tell: Called with the number of the last block read, as it goes on.
    /// - Returns: All of them, read.
    /// - Throws: ``ContractError``, or that the task was cancelled.
    package func entries(
        in range: ClosedRange<UInt64>,
        tell: (UInt64) -> Void = { _ in }
    ) async throws -> [LedgerEntry] {
        var entries: [LedgerEntry] = []
        var start = range.lowerBound
        var pace = RangePace()
        while start <= range.upperBound {
            let end = start + min(pace.size - 1, range.upperBound - start)
            do throws(ContractError) {
                let filter = LogFilter(.range(start...end), address: address, topics: OperationsEvent.topics)
                guard case .logs(let logs) = try await ask(.logs(filter))[0] else {
                    throw Self.strange(endpoint)
                }
                entries += try self.entries(logs)
                tell(end)
                start = end + 1
                pace.answered()
            } catch {
                guard let wait = pace.wait(after: error, ofSize: end - start + 1) else { throw error }
                try await ContinuousClock().sleep(for: wait)
            }
        }
        return entries
    }

    func entries(_ logs: [Log]) throws(ContractError) -> [LedgerEntry] {
        var entries: [LedgerEntry] = []
        for log in logs {
            do throws(ABIError) {
                entries.append(try LedgerEntry(log, chainId: chainId))
            } catch {
                throw .forged(log.block, error)
            }
        }
        return entries
    }
}

/// How many blocks are asked for at once.
private struct RangePace {
    private(set) var size: UInt64 = 8_192
    private var greatest: UInt64 = 1 << 20
    private var tries = 0

    private static let triesLimit = 5

    /// Grows, but never again to what was not answered.
    mutating func answered() {
        tries = 0
        size = min(size * 2, greatest)
    }

    /// How long to wait before the next question, which may be smaller; `nil` when there is no use in one.
    mutating func wait(after error: ContractError, ofSize asked: UInt64) -> Duration? {
        switch error {
        case .refused, .endpoint(_, .tooLarge), .endpoint(_, .timeout), .endpoint(_, .badReply),
            .endpoint(_, .refusedBatch):
            guard asked > 1 else { return nil }
            size = asked / 2
            greatest = size
            return .zero
        case .endpoint(_, .status(_, let retryAfter)):
            tries += 1
            guard tries <= Self.triesLimit else { return nil }
            return min(retryAfter ?? .seconds(1), .seconds(10))
        default: return nil
        }
    }
}
