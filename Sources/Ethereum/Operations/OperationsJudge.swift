internal import Cryptography
package import Primitives

/// Reads logs of the contract for validators' keys and holds them against what proves them.
package struct OperationsJudge: Sendable {
    private let chainId: UInt64
    private let domain: StatementDomain

    /// A judge of one contract's logs.
    package init(chainId: UInt64, contract: Address) {
        self.chainId = chainId
        domain = StatementDomain(chainId: chainId, operations: contract)
    }

    /// The records of logs in the order of the chain, up to a block.
    ///
    /// A report must bear the signature of its epoch's group key, as far as `keys` tell. What they do not tell passes
    /// unproven, as do operators and requests, which nobody signs.
    ///
    /// - Throws: ``ForgedLog`` when a log is not one that the contract can have written, or two contradict each other
    ///   about a block.
    package func records(
        of logs: [Log],
        through last: BlockReference,
        knowing keys: KnownKeys
    ) throws(ForgedLog) -> [OperationsRecord] {
        var records: [OperationsRecord] = []
        var hashes = [last.number: last.hash]
        for log in logs {
            guard
                hashes.updateValue(log.block.hash, forKey: log.block.number) ?? log.block.hash
                    == log.block.hash
            else { throw ForgedLog(reason: "block \(log.block.number) has two hashes") }
            let event: OperationsEvent
            do { event = try OperationsEvent(log, chainId: chainId) } catch {
                throw ForgedLog(reason: error.description)
            }
            guard isSigned(event, keys) else {
                throw ForgedLog(reason: "a report in block \(log.block.number) is not signed")
            }
            records.append(OperationsRecord(event: event, block: log.block, transaction: log.transaction))
        }
        return records
    }

    private func isSigned(_ event: OperationsEvent, _ keys: KnownKeys) -> Bool {
        func isProven(_ report: some CommitteeReport, _ epoch: Epoch) -> Bool {
            keys[epoch].map { report.isProven(by: $0, in: domain) } ?? true
        }
        return switch event {
        case .validatorCreated(let report): isProven(report, report.statement.epoch)
        case .validatorReshared(let report): isProven(report, report.statement.epoch)
        case .exitSigned(let report): isProven(report, report.statement.epoch)
        case .exitTriggered(let report): isProven(report, report.statement.epoch)
        case .exitCall(let report): isProven(report, report.statement.epoch)
        case .requestFailed(let report): isProven(report, report.statement.epoch)
        case .operatorRegistered, .operatorChanged, .requested, .requestCancelled, .validatorClosed: true
        }
    }
}
