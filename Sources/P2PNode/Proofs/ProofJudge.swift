internal import Consensus
internal import Cryptography
internal import Ethereum
internal import Primitives

/// Why a bundle proves nothing: whose fault, or which part's.
package struct ProofRefusal: Error, Hashable, Sendable {
    /// What does not hold, or is not there.
    package let reason: String
}

/// Goes the way from an entry to the group's signature, and names the first step that does not hold.
struct ProofJudge {
    let bundle: ProofBundle
    let record: CommitteeRecord?

    /// What is proven.
    func finding() throws(ProofRefusal) -> ProofFinding {
        let committee = try self.committee()
        try checkSignature(of: committee)
        guard let member = committee[bundle.author] else {
            throw refusal("the committee has no member \(bundle.author)")
        }
        guard let log = bundle.logs[bundle.author] else {
            throw refusal("the attested list says nothing of member \(bundle.author)'s log")
        }
        let entry = try content(of: committee)
        try checkPlace(in: log)
        let domains = SigningDomains(bundle.committee.deployment)
        guard Ed25519Verifier().isValid(bundle.entry, in: domains, by: member.identity) else {
            throw refusal("member \(bundle.author) has not signed the entry")
        }
        let object = bundle.entry.object
        let anchor = bundle.anchor
        return ProofFinding(
            id: "\(bundle.author):\(object.order.sequence)",
            member: Int(bundle.author.rawValue),
            account: member.account.checksummed,
            identity: "\(member.identity)",
            epoch: object.epoch.rawValue,
            sequence: object.order.sequence,
            topic: entry.topicName,
            size: entry.body.bytes.count,
            digest: "\(bundle.entry.hashTreeRoot())",
            logSize: log.size,
            anchorEpoch: anchor.epoch.rawValue,
            number: anchor.number,
            root: "\(anchor.root)",
            groupKey: "\(bundle.committee.groupKey)",
            quorum: committee.quorum,
            committeeSize: committee.size,
            registry: bundle.committee.deployment.registry.checksummed,
            block: bundle.place?.block,
            transaction: bundle.place.map { "\($0.transaction)" },
            publication: entry.publication.map { PublishedText($0) }
        )
    }

    private func refusal(_ reason: String) -> ProofRefusal { ProofRefusal(reason: reason) }

    /// The committee, which is that of the given record, if there is one.
    private func committee() throws(ProofRefusal) -> Committee {
        let own = bundle.committee
        if let record {
            guard own.deployment == record.deployment else {
                throw refusal(
                    "its committee is one of another registry, chain or version than the given record"
                )
            }
            guard own.roster.epoch == record.roster.epoch else {
                throw refusal(
                    "its committee is that of epoch \(own.roster.epoch), the given record of \(record.roster.epoch)"
                )
            }
            guard own.roster == record.roster else {
                throw refusal("its committee has other members than the given record")
            }
            guard own.groupKey == record.groupKey else {
                throw refusal(
                    "its group key \(own.groupKey) is another than the given record's \(record.groupKey)"
                )
            }
        }
        guard RegistryMembers.hash(own.roster.members) == own.membersHash else {
            throw refusal("the committee's members' hash is not that of its members")
        }
        do throws(CommitteeError) {
            return try Committee(own.roster)
        } catch {
            throw refusal("the record's roster: \(error)")
        }
    }

    private func checkSignature(of committee: Committee) throws(ProofRefusal) {
        guard bundle.logs.isSound(for: committee) else {
            throw refusal(
                "the list of logs is none that the committee of epoch \(committee.epoch) could attest"
            )
        }
        let key: GroupPublicKey
        do throws(GroupKeyError) {
            key = try GroupPublicKey(bundle.committee.groupKey)
        } catch {
            throw refusal("the record's group key: \(error)")
        }
        guard bundle.anchor.isValid(by: key, in: StatementDomain(bundle.committee.deployment)) else {
            throw refusal(
                "the group key has not signed this list of logs, with root \(bundle.anchor.root), as anchor \(bundle.logs.number)"
            )
        }
    }

    /// What the entry says, if the author can have said it.
    private func content(of committee: Committee) throws(ProofRefusal) -> Primitives.LogEntry {
        let object = bundle.entry.object
        guard object.kind == .logEntry, let entry = try? Primitives.LogEntry(ssz: object.payload.bytes) else {
            throw refusal("what is said to be the entry is no entry of a log")
        }
        guard object.epoch <= committee.epoch else {
            throw refusal("the entry is of epoch \(object.epoch), later than the list's \(committee.epoch)")
        }
        // In an earlier epoch the author may have had another position; its identity is the same.
        guard object.epoch < committee.epoch || object.author == bundle.author else {
            throw refusal(
                "the entry is member \(object.author)'s, and the file says member \(bundle.author)'s"
            )
        }
        return entry
    }

    private func checkPlace(in log: Checkpoint) throws(ProofRefusal) {
        let (entry, inclusion) = (bundle.entry, bundle.inclusion)
        guard inclusion.size == log.size else {
            throw refusal(
                "the path leads to a log of \(inclusion.size) entries, the list has one of \(log.size)"
            )
        }
        let sequence = entry.object.order.sequence
        guard sequence > 0, sequence - 1 == inclusion.index else {
            throw refusal("the path begins at entry \(inclusion.index &+ 1), the entry is number \(sequence)")
        }
        guard inclusion.holds(for: LogTree.leaf(entry.hashTreeRoot()), in: log.root) else {
            throw refusal(
                "the path does not lead from the entry to the attested root of member \(log.author)'s log"
            )
        }
    }
}

extension Primitives.LogEntry {
    /// The topic in a word.
    var topicName: String { LogTopic(rawValue: topic).map { "\($0)" } ?? "topic \(topic)" }

    /// What the author publishes with it; `nil` when it is about something else, or unreadable.
    var publication: Publication? {
        topic == LogTopic.publication.rawValue ? try? Publication(ssz: body.bytes) : nil
    }
}
