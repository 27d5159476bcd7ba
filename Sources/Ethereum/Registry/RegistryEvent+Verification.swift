package import Cryptography
package import Primitives

extension RegistrySignature {
    /// Whether a group key has signed a statement with this, R's second coordinate included.
    package func isValid(by key: GroupPublicKey, of statement: some Statement, in domain: StatementDomain)
        -> Bool
    {
        RegistrySignature(compressed) == self && key.isValid(compressed, of: domain.digest(of: statement))
    }
}

extension LeaderElected {
    /// Whether the log proves itself: the group key of its epoch has signed it.
    ///
    /// An endpoint can hide an election, but it cannot make one up.
    package func isProven(by key: GroupPublicKey, in domain: StatementDomain) -> Bool {
        signature.isValid(by: key, of: statement, in: domain)
    }
}

extension ProofAnchored {
    /// Whether the log proves itself: the group key of its epoch has signed it.
    package func isProven(by key: GroupPublicKey, in domain: StatementDomain) -> Bool {
        signature.isValid(by: key, of: statement, in: domain)
    }
}

extension CommitteeRotated {
    /// Whether the log proves itself, given the members and the key before.
    ///
    /// The new key must have signed, and either the key before or a threshold of the members. Approvals prove
    /// nothing about who the governor's members are: that is in ``CommitteeProposed`` alone.
    package func isProven(after previous: GroupPublicKey?, in domain: StatementDomain) -> Bool {
        guard let key = try? GroupPublicKey(statement.groupKey),
            possession.isValid(by: key, of: statement, in: domain)
        else { return false }
        // The contract takes the one or the other, and the first committee has no key before it.
        if approval != .none {
            guard approvals.isEmpty, roster.epoch > Epoch(1) else { return false }
            // Without the key before, its approval can only be taken on the contract's word.
            guard let previous else { return true }
            return approval.isValid(by: previous, of: statement, in: domain)
        }
        return approvals.count >= Int(statement.threshold) && areApprovalsValid(in: domain)
    }

    private func areApprovalsValid(in domain: StatementDomain) -> Bool {
        let digest = domain.digest(of: statement)
        var last = MemberIndex(rawValue: 0)
        for approval in approvals {
            guard approval.member > last, approval.member.offset < roster.members.count,
                let signature = approval.signature,
                signature.isValid(of: digest, by: roster.members[approval.member.offset].account)
            else { return false }
            last = approval.member
        }
        return true
    }
}

extension RegistryApproval {
    /// The signature, or `nil` when its parts are no scalars.
    package var signature: AccountSignature? {
        FixedBytes<ByteTag.Signature, 64>(r.array + vs.array).flatMap { AccountSignature(eip2098: $0) }
    }

    /// A member's signature as the contract takes it.
    package init(member: MemberIndex, _ signature: AccountSignature) {
        let bytes = signature.eip2098.array
        var (r, vs) = (Digest(), Digest())
        for index in 0..<32 {
            r[index] = bytes[index]
            vs[index] = bytes[32 + index]
        }
        self.init(member: member, r: r, vs: vs)
    }
}
