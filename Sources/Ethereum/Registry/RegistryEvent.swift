package import Cryptography
package import Primitives

/// The members the governor has named for an epoch.
package struct CommitteeProposed: Hashable, Sendable {
    /// The members and their epoch.
    package var roster: Roster
    /// ``RegistryMembers/hash(_:)`` of the members, checked against them.
    package var membersHash: Digest
    /// How many shares are to make a signature.
    package var threshold: UInt16
}

/// A group key the contract has installed.
package struct CommitteeRotated: Hashable, Sendable {
    /// The members and their epoch.
    package var roster: Roster
    /// What the key and its approvers have signed; its members' hash is checked against the members.
    package var statement: GroupKeyStatement
    /// The new key's signature.
    package var possession: RegistrySignature
    /// The signature of the key before, or ``RegistrySignature/none``.
    package var approval: RegistrySignature
    /// The members' approvals, empty when the key before has approved.
    package var approvals: [RegistryApproval]
}

/// An election the contract has recorded.
package struct LeaderElected: Hashable, Sendable {
    /// What the group key has signed.
    package var statement: ElectionStatement
    /// The group's signature, by which the log proves itself.
    package var signature: RegistrySignature

    /// An election.
    package init(statement: ElectionStatement, signature: RegistrySignature) {
        self.statement = statement
        self.signature = signature
    }
}

/// What the members' logs come to, as the contract has recorded it.
package struct ProofAnchored: Hashable, Sendable {
    /// What the group key has signed.
    package var statement: ProofAnchorStatement
    /// The group's signature, by which the log proves itself.
    package var signature: RegistrySignature

    /// An anchor.
    package init(statement: ProofAnchorStatement, signature: RegistrySignature) {
        self.statement = statement
        self.signature = signature
    }
}

/// What the registry's logs say.
package enum RegistryEvent: Hashable, Sendable {
    /// The governor has named members.
    case committeeProposed(CommitteeProposed)
    /// A group key is installed.
    case committeeRotated(CommitteeRotated)
    /// A leader is recorded.
    case leaderElected(LeaderElected)
    /// What the members' logs come to is recorded.
    case proofAnchored(ProofAnchored)

    private static let proposedTypes: [ABIType] = [.word, .uint(16), RegistryMembers.type]
    private static let rotatedTypes: [ABIType] = [
        .uint(8), .uint(16), .word, .word, RegistrySignature.type, RegistrySignature.type,
        .list(RegistryApproval.type), RegistryMembers.type,
    ]
    private static let electedTypes: [ABIType] = [.uint(256), .uint(256), .uint(256)]
    private static let anchoredTypes: [ABIType] = [.word, .uint(256), .uint(256), .uint(256)]

    /// The first topic of `CommitteeProposed`.
    package static let proposedTopic =
        ABISignature("CommitteeProposed", [.uint(64)] + proposedTypes).topic
    /// The first topic of `CommitteeRotated`.
    package static let rotatedTopic =
        ABISignature("CommitteeRotated", [.uint(64), .uint(256)] + rotatedTypes).topic
    /// The first topic of `LeaderElected`.
    package static let electedTopic =
        ABISignature("LeaderElected", [.uint(64), .uint(64), .address] + electedTypes).topic
    /// The first topic of `ProofAnchored`.
    package static let anchoredTopic =
        ABISignature("ProofAnchored", [.uint(64), .uint(64)] + anchoredTypes).topic
    /// The first topics of all events that this node follows.
    package static let topics = [proposedTopic, rotatedTopic, electedTopic, anchoredTopic]

    /// Reads a log of the registry.
    ///
    /// - Throws: ``ABIError`` when it is no log of these events, its data is not canonical, or its members'
    ///   hash is not that of its members.
    package init(_ log: Log) throws(ABIError) {
        switch log.topics.first {
        case Self.proposedTopic: self = .committeeProposed(try Self.proposed(log))
        case Self.rotatedTopic: self = .committeeRotated(try Self.rotated(log))
        case Self.electedTopic: self = .leaderElected(try Self.elected(log))
        case Self.anchoredTopic: self = .proofAnchored(try Self.anchored(log))
        default: throw .unexpected("a log of another event")
        }
    }

    private static func proposed(_ log: Log) throws(ABIError) -> CommitteeProposed {
        let epoch = try epoch(log, topics: 2)
        let values = try ABIDecoder.decode(lenient(proposedTypes), from: log.data)
        let members = try RegistryMembers.members(values[2])
        let hash = try checkedHash(values[0], of: members)
        return CommitteeProposed(
            roster: Roster(epoch: epoch, members: members),
            membersHash: hash,
            threshold: UInt16(truncatingIfNeeded: try values[1].asUInt64("threshold"))
        )
    }

    private static func rotated(_ log: Log) throws(ABIError) -> CommitteeRotated {
        let epoch = try epoch(log, topics: 3)
        let values = try ABIDecoder.decode(lenient(rotatedTypes), from: log.data)
        let members = try RegistryMembers.members(values[7])
        var approvals: [RegistryApproval] = []
        for value in try values[6].asElements("approvals") {
            approvals.append(try RegistryApproval(value: value))
        }
        let parity = try values[0].asUInt64("parity")
        guard parity <= 1 else { throw .unexpected("a group key of parity \(parity)") }
        return CommitteeRotated(
            roster: Roster(epoch: epoch, members: members),
            statement: GroupKeyStatement(
                epoch: epoch,
                groupKey: CompressedPoint(x: UInt256(bigEndian: log.topics[2]), isOdd: parity == 1),
                threshold: UInt16(truncatingIfNeeded: try values[1].asUInt64("threshold")),
                size: UInt16(members.count),
                membersHash: try checkedHash(values[2], of: members),
                transcript: try values[3].asWord("transcript")
            ),
            possession: try RegistrySignature(value: values[4]),
            approval: try RegistrySignature(value: values[5]),
            approvals: approvals
        )
    }

    private static func elected(_ log: Log) throws(ABIError) -> LeaderElected {
        let epoch = try epoch(log, topics: 4)
        let indexed = try ABIDecoder.decode(
            [.uint(64), .address],
            from: log.topics[2].array + log.topics[3].array
        )
        return LeaderElected(
            statement: ElectionStatement(
                epoch: epoch,
                view: View(try indexed[0].asUInt64("viewNumber")),
                leader: try indexed[1].asAddress("leader")
            ),
            signature: try RegistrySignature(
                value: .tuple(try ABIDecoder.decode(electedTypes, from: log.data))
            )
        )
    }

    private static func anchored(_ log: Log) throws(ABIError) -> ProofAnchored {
        let epoch = try epoch(log, topics: 3)
        guard let number = UInt256(bigEndian: log.topics[2]).asUInt64 else {
            throw .unexpected("an anchor's number of more than 64 bits")
        }
        let values = try ABIDecoder.decode(anchoredTypes, from: log.data)
        return ProofAnchored(
            statement: ProofAnchorStatement(epoch: epoch, number: number, root: try values[0].asWord("root")),
            signature: try RegistrySignature(value: .tuple(Array(values.dropFirst())))
        )
    }

    private static func lenient(_ types: [ABIType]) -> [ABIType] {
        types.map { $0 == RegistryMembers.type ? RegistryMembers.lenientType : $0 }
    }

    private static func epoch(_ log: Log, topics: Int) throws(ABIError) -> Epoch {
        guard log.topics.count == topics else { throw .unexpected("a log with \(log.topics.count) topics") }
        guard let epoch = UInt256(bigEndian: log.topics[1]).asUInt64 else {
            throw .unexpected("an epoch of more than 64 bits")
        }
        return Epoch(epoch)
    }

    private static func checkedHash(
        _ value: ABIValue,
        of members: SSZList<Member, 128>
    ) throws(ABIError) -> Digest {
        let hash = try value.asWord("membersHash")
        guard hash == RegistryMembers.hash(members) else {
            throw .unexpected("a members' hash of other members")
        }
        return hash
    }
}
