package import Cryptography
package import Primitives

/// Why logs cannot be the contract's.
package struct ForgedLog: Error, Hashable, Sendable, CustomStringConvertible {
    /// What gives them away.
    package var reason: String

    package var description: String { "made up a log: \(reason)" }
}

/// Reads logs and holds them against what proves them.
package struct RecordJudge: Sendable {
    private let domain: StatementDomain

    /// A judge of one registry's logs.
    package init(domain: StatementDomain) {
        self.domain = domain
    }

    /// The records of logs in the order of the chain.
    ///
    /// An election or an anchor must bear its group key's signature, a rotation those of its own key and of who approves it, as
    /// far as `keys` tell. What they do not tell passes unproven.
    ///
    /// - Throws: ``ForgedLog`` when a log is not one that the contract can have written.
    package func records(of logs: [Log], knowing keys: KnownKeys) throws(ForgedLog) -> [RegistryRecord] {
        var keys = keys
        var records: [RegistryRecord] = []
        for log in logs {
            let event: RegistryEvent
            do { event = try RegistryEvent(log) } catch { throw ForgedLog(reason: error.description) }
            switch event {
            case .committeeProposed: break
            case .committeeRotated(let rotation):
                guard rotation.isProven(after: keys[rotation.epochBefore], in: domain),
                    let key = try? GroupPublicKey(rotation.statement.groupKey)
                else {
                    throw ForgedLog(reason: "the group key of epoch \(rotation.roster.epoch) is not proven")
                }
                keys.insert(key, for: rotation.roster.epoch)
            case .leaderElected(let election):
                if let key = keys[election.statement.epoch], !election.isProven(by: key, in: domain) {
                    throw ForgedLog(reason: "the election of view \(election.statement.view) is not signed")
                }
            case .proofAnchored(let anchor):
                if let key = keys[anchor.statement.epoch], !anchor.isProven(by: key, in: domain) {
                    throw ForgedLog(reason: "anchor \(anchor.statement.number) is not signed")
                }
            }
            records.append(RegistryRecord(event: event, block: log.block, transaction: log.transaction))
        }
        return records
    }
}

extension CommitteeRotated {
    /// The epoch whose key may have approved.
    package var epochBefore: Epoch { Epoch(roster.epoch.rawValue == 0 ? 0 : roster.epoch.rawValue - 1) }
}
