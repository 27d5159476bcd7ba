package import BLS12381
package import Cryptography
internal import Ethereum
internal import Primitives

/// The file `keyshares.json` of SSV, version 1.2.0: what an account registers a validator with.
package struct KeysharesFile: Hashable, Sendable {
    /// When it was made (RFC 3339), as it stands in the file.
    package var createdAt: String
    /// The validators, at least one.
    package var validators: [Validator]

    /// The version that is written.
    package static let version = "v1.2.0"
    /// Those that are read; they have one form.
    package static let versions = ["v1.1.0", "v1.2.0"]
    /// How many validators a file has at most.
    package static let mostValidators = 500
    /// How many bytes a file has at most; a validator of thirteen operators has about 17,000.
    package static let mostBytes = 10_485_760

    /// An operator's place in a validator's committee.
    package struct Operator: Hashable, Sendable {
        /// The operator's number in SSV's contract, where the polynomial is evaluated for it.
        package var id: UInt64
        /// Its key.
        package var key: RSAPublicKey
        /// The public key of its share.
        package var sharePublicKey: G1Bytes
        /// Its share.
        package var encryptedShare: EncryptedShare

        /// Joins them; nothing is checked.
        package init(id: UInt64, key: RSAPublicKey, sharePublicKey: G1Bytes, encryptedShare: EncryptedShare) {
            self.id = id
            self.key = key
            self.sharePublicKey = sharePublicKey
            self.encryptedShare = encryptedShare
        }
    }

    /// One validator.
    package struct Validator: Hashable, Sendable {
        /// Who registers it, and as which of its validators.
        package var ownerNonce: OwnerNonce
        /// The validator's key.
        package var publicKey: G1Bytes
        /// The committee, by ascending number.
        package var operators: [Operator]
        /// The validator's signature of ``OwnerNonce/digest``.
        package var signature: G2Bytes

        /// Joins them; nothing is checked.
        package init(
            ownerNonce: OwnerNonce,
            publicKey: G1Bytes,
            operators: [Operator],
            signature: G2Bytes
        ) {
            self.ownerNonce = ownerNonce
            self.publicKey = publicKey
            self.operators = operators
            self.signature = signature
        }

        /// What SSV's contract takes: the signature, all public keys, all encrypted shares.
        package var sharesData: [UInt8] {
            signature.array + operators.flatMap { $0.sharePublicKey.array }
                + operators.flatMap { $0.encryptedShare.array }
        }
    }

    /// A file to write.
    package init(createdAt: String, validators: [Validator]) {
        self.createdAt = createdAt
        self.validators = validators
    }

    /// The file's bytes, as ssv-dkg writes them.
    package func encoded() -> [UInt8] {
        FileText.object([
            ("version", .text(Self.version)),
            ("createdAt", .text(createdAt)),
            ("shares", .list(validators.map(Self.text))),
        ]).encoded(.compact)
    }

    private static func text(_ validator: Validator) -> FileText {
        let publicKey = FileText.text("\(validator.publicKey)")
        let operators = validator.operators.map { one in
            FileText.object([("id", .number(one.id)), ("operatorKey", .text(one.key.operatorKey))])
        }
        return .object([
            (
                "data",
                .object([
                    ("ownerNonce", .number(validator.ownerNonce.nonce)),
                    ("ownerAddress", .text(validator.ownerNonce.owner.checksummed)),
                    ("publicKey", publicKey),
                    ("operators", .list(operators)),
                ])
            ),
            (
                "payload",
                .object([
                    ("publicKey", publicKey),
                    ("operatorIds", .list(validator.operators.map { .number($0.id) })),
                    ("sharesData", .text("0x" + Hex.encode(validator.sharesData))),
                ])
            ),
        ])
    }
}
