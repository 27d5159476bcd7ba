package import Cryptography
package import Primitives

/// A group key on its way into the contract.
package struct GroupKeyRegistration: Hashable, Sendable {
    /// The epoch the key is for.
    package var epoch: Epoch
    /// The group's public key.
    package var groupKey: CompressedPoint
    /// The digest of the ceremony that made it.
    package var transcript: Digest
    /// The members in the order of the proposal.
    package var members: SSZList<Member, 128>
    /// The new key's signature over the ``GroupKeyStatement``.
    package var possession: RegistrySignature

    /// A registration without what approves it.
    package init(
        epoch: Epoch,
        groupKey: CompressedPoint,
        transcript: Digest,
        members: SSZList<Member, 128>,
        possession: RegistrySignature
    ) {
        self.epoch = epoch
        self.groupKey = groupKey
        self.transcript = transcript
        self.members = members
        self.possession = possession
    }

    /// What the key and its approvers sign.
    package var statement: GroupKeyStatement {
        GroupKeyStatement(
            epoch: epoch,
            groupKey: groupKey,
            threshold: UInt16(RegistryMembers.threshold(of: members.count)),
            size: UInt16(members.count),
            membersHash: RegistryMembers.hash(members),
            transcript: transcript
        )
    }

    fileprivate init(arguments: [ABIValue], possession: ABIValue) throws(ABIError) {
        let parity = try arguments[2].asUInt64("parity")
        guard parity <= 1 else { throw .unexpected("a group key of parity \(parity)") }
        self.init(
            epoch: Epoch(try arguments[0].asUInt64("epoch")),
            groupKey: CompressedPoint(x: try arguments[1].asNumber("px"), isOdd: parity == 1),
            transcript: try arguments[3].asWord("transcript"),
            members: try RegistryMembers.members(arguments[4]),
            possession: try RegistrySignature(value: possession)
        )
    }

    fileprivate var leadingArguments: [ABIValue] {
        [
            .number(epoch.rawValue),
            .number(UInt256(bigEndian: statement.groupKeyX)),
            .number(UInt64(statement.parity)),
            .word(transcript),
            RegistryMembers.value(members),
        ]
    }
}

/// A call that changes the registry.
package enum RegistryCall: Hashable, Sendable {
    /// Records the leader of a view.
    case elect(ElectionStatement, RegistrySignature)
    /// Installs the first group key, approved by a threshold of the members it is for, ascending.
    case registerGroupKey(GroupKeyRegistration, [RegistryApproval])
    /// Installs the next group key, approved by the active one.
    case rotate(GroupKeyRegistration, approval: RegistrySignature)
    /// Records what the members' logs come to.
    case anchorProof(ProofAnchorStatement, RegistrySignature)

    private static let key: [ABIType] = [.uint(64), .uint(256), .uint(8), .word, RegistryMembers.type]
    private static let elect = ABISignature(
        "elect",
        [.uint(64), .uint(64), .address, RegistrySignature.type]
    )
    private static let registerGroupKey = ABISignature(
        "registerGroupKey",
        key + [RegistrySignature.type, .list(RegistryApproval.type)]
    )
    private static let rotate = ABISignature(
        "rotate",
        key + [RegistrySignature.type, RegistrySignature.type]
    )
    private static let anchorProof = ABISignature(
        "anchorProof",
        [.uint(64), .uint(64), .word, RegistrySignature.type]
    )

    /// The transaction's data.
    package var data: [UInt8] {
        switch self {
        case .elect(let election, let signature):
            Self.elect.call([
                .number(election.epoch.rawValue), .number(election.view.rawValue),
                .address(election.leader), signature.value,
            ])
        case .registerGroupKey(let key, let approvals):
            Self.registerGroupKey.call(
                key.leadingArguments + [key.possession.value, .list(approvals.map(\.value))]
            )
        case .rotate(let key, let approval):
            Self.rotate.call(key.leadingArguments + [approval.value, key.possession.value])
        case .anchorProof(let anchor, let signature):
            Self.anchorProof.call([
                .number(anchor.epoch.rawValue), .number(anchor.number), .word(anchor.root), signature.value,
            ])
        }
    }

    /// What the call is for, whichever signatures it bears: two calls of one id need not both be made.
    package var id: Digest {
        let content: RLP =
            switch self {
            case .elect(let election, _):
                .list([
                    .bytes(Self.elect.selector), .number(election.epoch.rawValue),
                    .number(election.view.rawValue), .bytes(election.leader.array),
                ])
            case .registerGroupKey(let key, _), .rotate(let key, _):
                .list([.bytes(Self.rotate.selector), .number(key.epoch.rawValue), .bytes(key.groupKey.array)])
            case .anchorProof(let anchor, _):
                .list([
                    .bytes(Self.anchorProof.selector), .number(anchor.epoch.rawValue),
                    .number(anchor.number), .bytes(anchor.root.array),
                ])
            }
        return Keccak256.hash(content.encoded)
    }

    /// Reads a transaction's data back.
    ///
    /// - Throws: ``ABIError`` when it is no such call, or not in the form that ``data`` gives.
    package init(data: [UInt8]) throws(ABIError) {
        let selector = Array(data.prefix(4))
        let rest = Array(data.dropFirst(4))
        switch selector {
        case Self.elect.selector:
            let values = try ABIDecoder.decode(Self.elect.parameters, from: rest)
            self = .elect(
                ElectionStatement(
                    epoch: Epoch(try values[0].asUInt64("epoch")),
                    view: View(try values[1].asUInt64("viewNumber")),
                    leader: try values[2].asAddress("leader")
                ),
                try RegistrySignature(value: values[3])
            )
        case Self.registerGroupKey.selector:
            let values = try ABIDecoder.decode(Self.lenient(Self.registerGroupKey), from: rest)
            var approvals: [RegistryApproval] = []
            for value in try values[6].asElements("approvals") {
                approvals.append(try RegistryApproval(value: value))
            }
            self = .registerGroupKey(
                try GroupKeyRegistration(arguments: values, possession: values[5]),
                approvals
            )
        case Self.rotate.selector:
            let values = try ABIDecoder.decode(Self.lenient(Self.rotate), from: rest)
            self = .rotate(
                try GroupKeyRegistration(arguments: values, possession: values[6]),
                approval: try RegistrySignature(value: values[5])
            )
        case Self.anchorProof.selector:
            let values = try ABIDecoder.decode(Self.anchorProof.parameters, from: rest)
            self = .anchorProof(
                ProofAnchorStatement(
                    epoch: Epoch(try values[0].asUInt64("epoch")),
                    number: try values[1].asUInt64("number"),
                    root: try values[2].asWord("root")
                ),
                try RegistrySignature(value: values[3])
            )
        default: throw .unexpected("no call that this node makes")
        }
    }

    private static func lenient(_ signature: ABISignature) -> [ABIType] {
        signature.parameters.map { $0 == RegistryMembers.type ? RegistryMembers.lenientType : $0 }
    }

    /// How much gas the call may use, in excess of what it uses.
    ///
    /// An election costs the same for every committee, 41 thousand; an anchor 47 thousand, and the first one, which fills
    /// empty slots, 81 thousand. A registration costs about 5 thousand per
    /// member and approval on top of 150 thousand; the cap of a transaction is 16.8 million (EIP-7825).
    package var gasLimit: UInt64 {
        switch self {
        case .elect: 60_000
        case .anchorProof: 110_000
        case .registerGroupKey(let key, let approvals):
            250_000 + 15_000 * UInt64(key.members.count) + 15_000 * UInt64(approvals.count)
        case .rotate(let key, _): 250_000 + 15_000 * UInt64(key.members.count)
        }
    }
}
