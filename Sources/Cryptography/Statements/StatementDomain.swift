package import Primitives

/// The EIP-712 domain of one contract on one chain.
///
/// A signature over a statement holds for this contract only.
package struct StatementDomain: Hashable, Sendable {
    /// The EIP-155 chain id.
    package let chainId: UInt64
    /// The contract, which checks the signatures: the registry, or one that asks it for the committee's key.
    package let contract: Address
    /// The hash of the domain, called the domain separator by EIP-712.
    package let separator: Digest

    /// The domain of a registry: its name is `OracleRegistry`, its version `1`.
    package init(chainId: UInt64, registry: Address) {
        self.init(chainId: chainId, contract: registry, name: "OracleRegistry")
    }

    /// The domain of a contract for validators' keys: its name is `ValidatorOperations`, its version `1`.
    package init(chainId: UInt64, operations: Address) {
        self.init(chainId: chainId, contract: operations, name: "ValidatorOperations")
    }

    private init(chainId: UInt64, contract: Address, name: StaticString) {
        self.chainId = chainId
        self.contract = contract
        var words = StatementWords(
            type: "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
        )
        words.append(StatementWords.hash(of: name))
        words.append(StatementWords.hash(of: "1"))
        words.append(chainId)
        words.append(contract)
        separator = words.hash()
    }

    /// The domain of a deployment's registry.
    package init(_ deployment: Deployment) {
        self.init(chainId: deployment.chainId, registry: deployment.registry)
    }

    /// What is signed: `keccak256(0x19 0x01 || separator || hash of the struct)`.
    package func digest(of statement: some Statement) -> StatementDigest {
        StatementDigest(domainSeparator: separator, structHash: statement.structHash())
    }
}

/// Something the committee or one of its members signs for a contract.
package protocol Statement: Hashable, Sendable {
    /// EIP-712's `hashStruct`: Keccak-256 of the type's hash and the members.
    func structHash() -> Digest
}
