internal import Cryptography
package import Ethereum
package import Logging
package import Primitives

/// What the chain tells, as the log gets it: a sentence that says what to do where something is to be done.
///
/// What endpoints say stands in the metadata too; the log's handler keeps it on its line.
package struct ChainLine: Sendable {
    /// How much it matters.
    package var level: Logger.Level
    /// The sentence.
    package var message: String
    /// The same for programs; `event` names the kind.
    package var metadata: Logger.Metadata

    /// The line for an event; `nil` for those that others tell of.
    ///
    /// - Parameters:
    ///   - event: what has happened.
    ///   - endpoints: the endpoints' names.
    ///   - account: the account that pays.
    ///   - now: this moment.
    package init?(_ event: ChainEvent, endpoints: [String], account: Address, now: Instant) {
        switch event {
        case .endpoint(let report): self.init(report, endpoints, now)
        case .alarm(let alarm): self.init(alarm, endpoints, account)
        case .stale(let since):
            self.init(
                .warning,
                "stale",
                """
                no endpoint has shown a new block for \(since.duration(to: now).rounded); what is known of the chain may be old. \
                Check the endpoints
                """,
                ["since": "\(since.duration(to: now).rounded)"]
            )
        case .silent:
            self.init(
                .warning,
                "silent",
                "since the start the endpoints have not shown the registry's state. Check them"
            )
        case .recovered: self.init(.info, "recovered", "there are new blocks again")
        case .submission(let call, let outcome): self.init(call, outcome, account)
        case .head, .state, .record, .takenBack, .operations: return nil
        }
    }

    private init(_ level: Logger.Level, _ event: String, _ message: String, _ metadata: Logger.Metadata = [:])
    {
        self.level = level
        self.message = message
        self.metadata = metadata
        self.metadata["event"] = "chain.\(event)"
    }

    private init(_ report: EndpointReport, _ endpoints: [String], _ now: Instant) {
        switch report {
        case .ready(let index):
            let name = endpoints[index]
            self.init(
                .info,
                "endpointReady",
                "endpoint \(name) answers for our chain",
                ["endpoint": "\(name)"]
            )
        case .failed(let index, let fault, let until):
            let (name, wait) = (endpoints[index], now.duration(to: until).rounded)
            self.init(
                .warning,
                "endpointFailed",
                "endpoint \(name) failed and is left alone for \(wait): \(fault)",
                ["endpoint": "\(name)", "fault": "\(fault)", "wait": "\(wait)"]
            )
        case .foreign(let index, let reason, let until):
            let (name, wait) = (endpoints[index], now.duration(to: until).rounded)
            self.init(
                .error,
                "endpointForeign",
                """
                endpoint \(name) cannot be trusted and is not asked for \(wait): \(reason). \
                Check its address and the deployment in the configuration
                """,
                ["endpoint": "\(name)", "reason": "\(reason)", "wait": "\(wait)"]
            )
        }
    }

    private init(_ alarm: ChainAlarm, _ endpoints: [String], _ account: Address) {
        switch alarm {
        case .doubleElection(let first, let second):
            self.init(
                .critical,
                "doubleElection",
                "\(alarm). Stop relying on the group's signatures and compare the members' records",
                [
                    "view": "\(first.statement.view)",
                    "leaders": [
                        "\(first.statement.leader.checksummed)", "\(second.statement.leader.checksummed)",
                    ],
                ]
            )
        case .lost(let block):
            self.init(
                .error,
                "blockLost",
                "\(alarm); the registry's state is read anew. Check that all endpoints follow the same chain",
                block.metadata
            )
        case .disagreement(let what):
            self.init(
                .error,
                "disagreement",
                "\(alarm); nothing is believed until enough of them agree. At least one is wrong or far behind",
                ["subject": "\(what)"]
            )
        case .contradictedFinality(let block, let index):
            let name = endpoints[index]
            self.init(
                .error,
                "finalityContradicted",
                "endpoint \(name): \(alarm). Either it or all others follow a wrong chain",
                block.metadata.merging(["endpoint": "\(name)"]) { $1 }
            )
        case .unproven(let record):
            self.init(
                .error,
                "recordUnproven",
                "\(alarm). If other nodes show it, this one's endpoints withhold something",
                record.block.metadata.merging(["transaction": "\(record.transaction)"]) { $1 }
            )
        case .lowBalance(let balance):
            self.init(
                .warning,
                "balanceLow",
                """
                the account \(account.checksummed) has \(balance.ether) ether left. Send it more: without it this node \
                cannot bring elections onto the chain
                """,
                ["account": "\(account.checksummed)", "wei": "\(balance)"]
            )
        }
    }

    private init(_ call: ChainCall, _ outcome: SubmissionOutcome, _ account: Address) {
        let name = call.sentenceName
        switch outcome {
        case .progress(let report): self.init(report, name, account)
        case .postponed(.noEther):
            self.init(
                .error,
                "contractPoor",
                """
                the contract for validators' keys has too little ether for \(name). Send it more; until then it is asked again \
                with each block
                """,
                ["reason": "\(RegistryRevert.noEther)"]
            )
        case .postponed(let revert):
            self.init(
                .notice,
                "callPostponed",
                "the contract would refuse \(name) now (\(revert)); it is asked again with each block",
                ["reason": "\(revert)"]
            )
        case .doneByOther(let block):
            self.init(.info, "callDone", "\(name) is on the chain by another's transaction", block.metadata)
        case .superseded(let block):
            self.init(.info, "callSuperseded", "the chain has gone past \(name)", block.metadata)
        case .conflict(let elected, let block):
            self.init(
                .critical,
                "callContradicted",
                """
                the chain names \(elected.checksummed) where this node has \(name): the group has signed two leaders \
                for one view. Stop relying on its signatures and compare the members' records
                """,
                block.metadata.merging(["elected": "\(elected.checksummed)"]) { $1 }
            )
        case .refused(let revert):
            self.init(
                .error,
                "callRefused",
                "the contract will never take \(name) (\(revert)); it is given up",
                ["reason": "\(revert)"]
            )
        case .settled: self.init(.info, "callSettled", "\(name) can no longer be undone")
        }
        metadata.merge(call.metadata) { $1 }
    }

    private init(_ report: OutboxReport, _ name: String, _ account: Address) {
        switch report {
        case .sent(let hash, let nonce):
            self.init(
                .info,
                "transactionSent",
                "sends \(name) with nonce \(nonce)",
                ["transaction": "\(hash)", "nonce": "\(nonce)"]
            )
        case .raised(let hash):
            let message = "offers more for \(name), which no block has taken yet"
            self.init(.info, "transactionRaised", message, ["transaction": "\(hash)"])
        case .cancelling(let hash):
            self.init(
                .notice,
                "transactionCancelled",
                """
                frees the nonce of \(name) by a payment of nothing: nobody needs it any more, or fees have risen above \
                the limit in the configuration
                """,
                ["transaction": "\(hash)"]
            )
        case .included(let hash, let block, let inclusion):
            let metadata = block.metadata.merging(["transaction": "\(hash)", "did": "\(inclusion)"]) { $1 }
            let number = block.number
            switch inclusion {
            case .succeeded:
                self.init(.info, "transactionIncluded", "\(name) is in block \(number)", metadata)
            case .reverted:
                let message = "the contract has refused \(name) in block \(number); why is being found out"
                self.init(.notice, "transactionIncluded", message, metadata)
            case .cancelled:
                self.init(
                    .notice,
                    "transactionIncluded",
                    "the nonce of \(name) is free since block \(number)",
                    metadata
                )
            }
        case .reopened:
            let message = "the block of \(name) is no longer canonical; its transaction is sent again"
            self.init(.warning, "transactionReopened", message)
        case .displaced(let nonce):
            self.init(
                .warning,
                "nonceTaken",
                """
                nonce \(nonce) of the account \(account.checksummed) was used by somebody else; \(name) takes another. \
                Only this node may use the account's key
                """,
                ["nonce": "\(nonce)", "account": "\(account.checksummed)"]
            )
        case .rejected(let words):
            let message = "no endpoint takes the transaction of \(name), which is given up: \(words)"
            self.init(.error, "transactionRejected", message, ["reason": "\(words)"])
        case .unaffordable(let words):
            self.init(
                .error,
                "transactionUnaffordable",
                """
                the account \(account.checksummed) cannot pay for \(name): \(words). Send it ether; until then it is \
                tried with each block
                """,
                ["account": "\(account.checksummed)", "reason": "\(words)"]
            )
        case .settled(let hash, let block, let inclusion):
            self.init(
                .debug,
                "transactionSettled",
                "the transaction of \(name) can no longer be undone",
                block.metadata.merging(["transaction": "\(hash)", "did": "\(inclusion)"]) { $1 }
            )
        }
    }
}

extension BlockReference {
    fileprivate var metadata: Logger.Metadata { ["block": "\(number)", "hash": "\(hash)"] }
}

extension Duration {
    /// For people.
    fileprivate var rounded: String {
        wholeMilliseconds >= 10_000 ? "\(wholeMilliseconds / 1_000) s" : "\(wholeMilliseconds) ms"
    }
}

extension UInt256 {
    /// Wei in ether, with six decimals.
    fileprivate var ether: String {
        let micro = (self / 1_000_000_000_000).description
        let digits = String(repeating: "0", count: Swift.max(0, 7 - micro.count)) + micro
        return "\(digits.dropLast(6)).\(digits.suffix(6))"
    }
}
