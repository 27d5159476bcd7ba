internal import BLS12381
internal import Cryptography
internal import Ethereum
package import Primitives

/// The file `proofs.json` of ssv-dkg: each operator's word that it took part in a validator's ceremony.
///
/// The file names no operators and no threshold; both come from the keyshares of the same ceremonies.
package struct ProofsFile: Hashable, Sendable {
    /// By validator, then by operator in the order of the keyshares.
    package var ceremonies: [[SignedProof]]

    /// How many bytes a file has at most.
    package static let mostBytes = 10_485_760

    /// A proof with its operator's signature.
    package struct SignedProof: Hashable, Sendable {
        /// What is signed.
        package var proof: CeremonyProof
        /// RSASSA-PSS with SHA-256 over the proof's root.
        package var signature: FixedBytes<EncryptedShareTag, 256>

        /// Joins the two; nothing is checked.
        package init(proof: CeremonyProof, signature: FixedBytes<EncryptedShareTag, 256>) {
            self.proof = proof
            self.signature = signature
        }
    }

    /// A file to write.
    package init(_ ceremonies: [[SignedProof]]) {
        self.ceremonies = ceremonies
    }

    /// The file's bytes as ssv-dkg writes them: of one ceremony a list, of more a list of lists.
    package func encoded() -> [UInt8] {
        let lists = ceremonies.map { FileText.list($0.map(Self.text)) }
        return (lists.count == 1 ? lists[0] : .list(lists)).encoded(.compact)
    }

    private static func text(_ signed: SignedProof) -> FileText {
        .object([
            (
                "proof",
                .object([
                    ("validator", .text(signed.proof.validator.hex)),
                    ("encrypted_share", .text(Hex.encode(signed.proof.encryptedShare.bytes))),
                    ("share_pub", .text(signed.proof.sharePublicKey.hex)),
                    ("owner", .text(signed.proof.owner.hex)),
                ])
            ),
            ("signature", .text(signed.signature.hex)),
        ])
    }

    /// Reads a file of either form.
    package init(_ bytes: [UInt8]) throws(FileFault) {
        let value = try FileValue.read(bytes, atMost: Self.mostBytes)
        ceremonies = []
        if case .array(let elements) = value.json, case .array = elements.first {
            for element in try value.list(1...KeysharesFile.mostValidators) {
                ceremonies.append(try Self.ceremony(element))
            }
        } else {
            ceremonies = [try Self.ceremony(value)]
        }
    }

    private static func ceremony(_ value: FileValue) throws(FileFault) -> [SignedProof] {
        var proofs: [SignedProof] = []
        for element in try value.list(OperatorSet.sizes[0]...OperatorSet.sizes[3]) {
            let members = try element.object(["proof", "signature"])
            let proof = try members("proof").object(["validator", "encrypted_share", "share_pub", "owner"])
            guard let share = ByteList<512>(try proof("encrypted_share").bytes(256...256, prefix: .none))
            else {
                throw proof("encrypted_share").fault("is too long")
            }
            proofs.append(
                SignedProof(
                    proof: CeremonyProof(
                        validator: try proof("validator").fixed(prefix: .none),
                        encryptedShare: share,
                        sharePublicKey: try proof("share_pub").fixed(prefix: .none),
                        owner: try proof("owner").fixed(prefix: .none)
                    ),
                    signature: try members("signature").fixed(prefix: .none)
                )
            )
        }
        guard OperatorSet.sizes.contains(proofs.count) else {
            throw value.fault("has \(proofs.count) proofs, not 4, 7, 10 or 13: one for each operator")
        }
        return proofs
    }
}
