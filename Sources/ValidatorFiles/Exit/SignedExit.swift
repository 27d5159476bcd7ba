package import BLS12381
internal import Ethereum
package import KeyOperations
internal import Primitives

/// A validator's signed exit, as the beacon chain's interface takes it and as files hold it.
package struct SignedExit: Hashable, Sendable {
    /// What is signed.
    package var exit: VoluntaryExit
    /// The validator's signature over ``KeyOperations/ValidatorStatement/exit(_:)``.
    package var signature: G2Bytes
    /// The Capella version of its network, where a file names it as ethdo does.
    package var forkVersion: ForkVersion?

    /// How many bytes a file has at most.
    package static let mostBytes = 4_096

    /// Joins them; nothing is checked.
    package init(exit: VoluntaryExit, signature: G2Bytes, forkVersion: ForkVersion? = nil) {
        self.exit = exit
        self.signature = signature
        self.forkVersion = forkVersion
    }

    /// The file's bytes: the body of `POST /eth/v1/beacon/pool/voluntary_exits`, wrapped as ethdo does where the fork
    /// version is given; with the deposit tool's white space where that is asked for.
    package func encoded(_ style: FileText.Style = .compact) -> [UInt8] {
        let message = FileText.object([
            ("epoch", .text(String(exit.epoch))), ("validator_index", .text(String(exit.validatorIndex))),
        ])
        let body = FileText.object([("message", message), ("signature", .text("\(signature)"))])
        guard let forkVersion else { return body.encoded(style) }
        return FileText.object([("exit", body), ("fork_version", .text("\(forkVersion)"))]).encoded(style)
    }

    /// Reads either form.
    package init(_ bytes: [UInt8]) throws(FileFault) {
        try self.init(FileValue.read(bytes, atMost: Self.mostBytes))
    }

    init(_ value: FileValue) throws(FileFault) {
        var body = value
        forkVersion = nil
        if value.json["exit"] != nil {
            let members = try value.object(["exit", "fork_version"])
            forkVersion = try members("fork_version").fixed(prefix: .required)
            body = members("exit")
        }
        let members = try body.object(["message", "signature"])
        let message = try members("message").object(["epoch", "validator_index"])
        exit = VoluntaryExit(
            epoch: try message("epoch").decimalText(),
            validatorIndex: try message("validator_index").decimalText()
        )
        signature = try members("signature").fixed(prefix: .required)
    }

    /// Why it is not the validator's exit; `nil` when all is well.
    ///
    /// Whether the chain would take it now depends on the chain too; that the signature stays good for ever does not.
    package func fault(on network: BeaconNetwork, by key: PublicKey) -> FileFault? {
        if let forkVersion, forkVersion != network.capellaForkVersion {
            return FileFault(
                "fork_version",
                "is not \(network.capellaForkVersion), under which \(network.name) takes exits",
                remedy: "sign the exit anew under the Capella version (EIP-7044)"
            )
        }
        let signature = Signature(signature)
        guard signature?.isValid(for: .exit(exit), on: network, by: key) == true else {
            return FileFault(
                "signature",
                "is not the validator's for epoch \(exit.epoch) and index \(exit.validatorIndex) on \(network.name)",
                remedy: "check validator and network; only the Capella domain is taken (EIP-7044)"
            )
        }
        return nil
    }

    func examine(_ report: inout FileReport, _ networks: KnownNetworks, keys: [G1Bytes]) {
        let subject = "exit of validator \(exit.validatorIndex) from epoch \(exit.epoch) on"
        for key in keys.compactMap({ PublicKey($0) }) {
            for network in networks.networks where fault(on: network, by: key) == nil {
                report.note("\(subject), signed by \(key) for \(network.name)")
                return
            }
        }
        report.check(
            subject,
            at: "signature",
            false,
            keys.isEmpty
                ? "an exit does not say whose it is" : "is of none of the keys for any network that is known",
            remedy: "give the public key of the validator with that index; the chain tells which it is"
        )
    }
}
