package import Cryptography
package import Primitives

/// A transaction of type 2 (EIP-1559) before it is signed.
package struct Transaction: Hashable, Sendable {
    /// The EIP-155 chain id.
    package var chainId: UInt64
    /// How many transactions of the account precede this one.
    package var nonce: UInt64
    /// What the block's producer gets per gas at most, in wei.
    package var maxPriorityFee: UInt256
    /// What the sender pays per gas at most, base fee and tip together, in wei.
    package var maxFee: UInt256
    /// How much gas it may use at most.
    package var gasLimit: UInt64
    /// The account or contract it goes to; `nil` creates a contract.
    package var to: Address?
    /// How much wei it carries.
    package var value: UInt256
    /// The call's data.
    package var data: [UInt8]

    /// A transaction without an access list.
    package init(
        chainId: UInt64,
        nonce: UInt64,
        maxPriorityFee: UInt256,
        maxFee: UInt256,
        gasLimit: UInt64,
        to: Address?,
        value: UInt256 = 0,
        data: [UInt8]
    ) {
        self.chainId = chainId
        self.nonce = nonce
        self.maxPriorityFee = maxPriorityFee
        self.maxFee = maxFee
        self.gasLimit = gasLimit
        self.to = to
        self.value = value
        self.data = data
    }

    /// What the sender signs.
    package var digest: TransactionDigest {
        TransactionDigest(unsignedPayload: RLP.list(fields).encoded)
    }

    /// The type byte of EIP-2718.
    fileprivate static let type: UInt8 = 2

    fileprivate var fields: [RLP] {
        [
            .number(chainId), .number(nonce), .number(maxPriorityFee), .number(maxFee), .number(gasLimit),
            .bytes(to?.array ?? []), .number(value), .bytes(data), .list([]),
        ]
    }
}

/// A transaction with its sender's signature, as it is sent and mined.
package struct SignedTransaction: Hashable, Sendable {
    /// What was signed.
    package let transaction: Transaction
    /// The signature of the account that pays.
    package let signature: AccountSignature
    /// The bytes of `eth_sendRawTransaction`.
    package let raw: [UInt8]
    /// By what the network knows it: Keccak-256 of ``raw``.
    package let hash: Digest

    /// Joins a transaction and a signature over its ``Transaction/digest``.
    package init(_ transaction: Transaction, _ signature: AccountSignature) {
        self.transaction = transaction
        self.signature = signature
        let fields =
            transaction.fields + [
                .number(signature.isOdd ? 1 as UInt64 : 0),
                .number(UInt256(bigEndian: Digest(signature.r.bytes.storage))),
                .number(UInt256(bigEndian: Digest(signature.s.bytes.storage))),
            ]
        raw = [Transaction.type] + RLP.list(fields).encoded
        hash = Keccak256.hash(raw)
    }

    /// Reads a transaction of type 2 without an access list.
    ///
    /// The account that has signed is ``sender``.
    package init(decoding raw: [UInt8]) throws(RLPError) {
        guard raw.first == Transaction.type else { throw .unexpected("a transaction of type 2") }
        let fields = try RLP(decoding: Array(raw.dropFirst())).elements("the transaction")
        guard fields.count == 12 else { throw .unexpected("the transaction") }
        guard try fields[8].elements("the access list").isEmpty else { throw .unexpected("the access list") }
        let to = try fields[5].data("to")
        let recipient = Address(to)
        guard to.isEmpty || recipient != nil else { throw .unexpected("to") }
        let parity = try fields[9].number("yParity")
        let r = Scalar(ScalarBytes(try fields[10].wideNumber("r").bigEndian.storage))
        let s = Scalar(ScalarBytes(try fields[11].wideNumber("s").bigEndian.storage))
        guard parity <= 1, let r, let s, let signature = AccountSignature(r: r, s: s, isOdd: parity == 1)
        else {
            throw .unexpected("the signature")
        }
        self.init(
            Transaction(
                chainId: try fields[0].number("chainId"),
                nonce: try fields[1].number("nonce"),
                maxPriorityFee: try fields[2].wideNumber("maxPriorityFeePerGas"),
                maxFee: try fields[3].wideNumber("maxFeePerGas"),
                gasLimit: try fields[4].number("gasLimit"),
                to: recipient,
                value: try fields[6].wideNumber("value"),
                data: try fields[7].data("data")
            ),
            signature
        )
    }

    /// The account that pays, or `nil` when the signature is nobody's.
    package var sender: Address? { signature.signer(of: transaction.digest)?.address }
}
