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
        }
    }

    /// How much gas the call may use, in excess of what it uses.
    ///
    /// An election costs the same for every committee, 41 thousand. A registration costs about 5 thousand per
    /// member and approval on top of 150 thousand; the cap of a transaction is 16.8 million (EIP-7825).
    package var gasLimit: UInt64 {
        switch self {
        case .elect: 60_000
        case .registerGroupKey(let key, let approvals):
            250_000 + 15_000 * UInt64(key.members.count) + 15_000 * UInt64(approvals.count)
        case .rotate(let key, _): 250_000 + 15_000 * UInt64(key.members.count)
        }
    }
}
