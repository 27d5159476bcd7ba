internal import Ethereum

/// Any file of the validator world, told apart by what it holds.
package enum ValidatorFile {
    /// How many bytes a file has at most.
    package static let mostBytes = 16_777_216

    /// Tells which kind of file it is and checks all that can be checked from it, and from the files beside it.
    ///
    /// Never fails: what is wrong stands in the report. Proofs are held against keyshares of the same ceremonies if
    /// these are among the files beside.
    package static func recognise(
        _ bytes: [UInt8],
        beside others: [[UInt8]] = [],
        networks: KnownNetworks = KnownNetworks()
    ) -> FileReport {
        var report = FileReport("unknown file")
        do throws(FileFault) {
            let value = try FileValue.read(bytes, atMost: mostBytes)
            guard let kind = Kind(value.json) else {
                throw value.fault(
                    "is no kind of file that is known here",
                    remedy: "known are \(Kind.allCases.map(\.rawValue).joined(separator: ", "))"
                )
            }
            report = FileReport(kind.rawValue)
            try kind.examine(bytes, others, networks, &report)
        } catch {
            report.note("form", error)
        }
        return report
    }

    /// A kind of file, by its name in messages.
    private enum Kind: String, CaseIterable {
        case deposits = "deposit data"
        case keyshares = "keyshares"
        case proofs = "proofs"

        init?(_ json: JSON) {
            switch json {
            case .array(let elements):
                var first = elements.first
                if case .array(let inner) = first { first = inner.first }
                guard let first else { return nil }
                if first["pubkey"] != nil {
                    self = .deposits
                } else if first["proof"] != nil {
                    self = .proofs
                } else {
                    return nil
                }
            default:
                guard json["shares"] != nil else { return nil }
                self = .keyshares
            }
        }

        func examine(
            _ bytes: [UInt8],
            _ others: [[UInt8]],
            _ networks: KnownNetworks,
            _ report: inout FileReport
        ) throws(FileFault) {
            switch self {
            case .deposits: try DepositFile(bytes, networks: networks).examine(&report)
            case .keyshares: try KeysharesFile(bytes).examine(&report)
            case .proofs:
                let proofs = try ProofsFile(bytes)
                proofs.examine(&report)
                let keyshares = others.lazy.compactMap { try? KeysharesFile($0) }.first
                guard let keyshares else {
                    report.check(
                        "operators' signatures",
                        at: "",
                        false,
                        "proofs do not say who has signed them",
                        remedy: "give the keyshares of the same ceremonies beside them"
                    )
                    return
                }
                keyshares.examine(&report)
                proofs.examine(&report, against: keyshares)
            }
        }
    }
}
