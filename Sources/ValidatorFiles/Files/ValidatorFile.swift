package import BLS12381
internal import Ethereum

/// Any file of the validator world, told apart by what it holds.
package enum ValidatorFile {
    /// How many bytes a file has at most.
    package static let mostBytes = 16_777_216

    /// Tells which kind of file it is and checks all that can be checked from it, and from what is given beside it.
    ///
    /// Never fails: what is wrong stands in the report. Proofs are held against keyshares of the same ceremonies if
    /// these are among the files beside, exits against the keys of validators.
    package static func recognise(
        _ bytes: [UInt8],
        beside others: [[UInt8]] = [],
        keys: [G1Bytes] = [],
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
            switch kind {
            case .deposits: try DepositFile(bytes, networks: networks).examine(&report)
            case .keyshares: try KeysharesFile(bytes).examine(&report)
            case .proofs: try proofs(bytes, others, &report)
            case .keystore: try Keystore(bytes).examine(&report)
            case .exit: try SignedExit(bytes).examine(&report, networks, keys: keys)
            case .lock: try ClusterLock(bytes).examine(&report)
            }
        } catch {
            report.note("form", error)
        }
        return report
    }

    /// Whether it is one of the kinds that are known, by what it holds; it may be wrong in all else.
    package static func isKnown(_ bytes: [UInt8]) -> Bool {
        guard let value = try? FileValue.read(bytes, atMost: mostBytes) else { return false }
        return Kind(value.json) != nil
    }

    private static func proofs(
        _ bytes: [UInt8],
        _ others: [[UInt8]],
        _ report: inout FileReport
    ) throws(FileFault) {
        let proofs = try ProofsFile(bytes)
        proofs.examine(&report)
        guard let keyshares = others.lazy.compactMap({ try? KeysharesFile($0) }).first else {
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

    /// A kind of file, by its name in messages.
    private enum Kind: String, CaseIterable {
        case deposits = "deposit data"
        case keyshares = "keyshares"
        case proofs = "proofs"
        case keystore = "keystore"
        case exit = "signed exit"
        case lock = "cluster lock"

        /// Told by the name of a member that no other kind has.
        init?(_ json: JSON) {
            var value = json
            while case .array(let elements) = value {
                guard let first = elements.first else { return nil }
                value = first
            }
            let marks: [(name: String, kind: Kind)] = [
                ("pubkey", .deposits), ("proof", .proofs), ("shares", .keyshares),
                ("cluster_definition", .lock),
                ("crypto", .keystore), ("cipher", .keystore), ("exit", .exit), ("message", .exit),
            ]
            guard let mark = marks.first(where: { value[$0.name] != nil }) else { return nil }
            // A keystore has a public key too.
            self = value["crypto"] == nil ? mark.kind : .keystore
        }
    }
}
