internal import Ethereum

/// Any file of the validator world, told apart by what it holds.
package enum ValidatorFile {
    /// How many bytes a file has at most.
    package static let mostBytes = 16_777_216

    /// Tells which kind of file it is and checks all that can be checked from it alone.
    ///
    /// Never fails: what is wrong stands in the report.
    package static func recognise(
        _ bytes: [UInt8],
        networks: KnownNetworks = KnownNetworks()
    ) -> FileReport {
        var report = FileReport("unknown file")
        do {
            report = try read(bytes, networks)
        } catch {
            report.note("form", error)
        }
        return report
    }

    private static func read(_ bytes: [UInt8], _ networks: KnownNetworks) throws(FileFault) -> FileReport {
        let value = try FileValue.read(bytes, atMost: mostBytes)
        if case .array(let elements) = value.json, elements.first?["pubkey"] != nil {
            let file = try DepositFile(bytes, networks: networks)
            var report = FileReport("deposit data")
            file.examine(&report)
            return report
        }
        throw value.fault(
            "is no kind of file that is known here",
            remedy: "known are deposit data, keyshares, proofs, keystores, exits and cluster locks"
        )
    }
}
