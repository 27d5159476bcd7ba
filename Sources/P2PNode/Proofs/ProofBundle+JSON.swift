internal import Consensus
internal import FoundationEssentials
internal import Primitives

extension ProofBundle {
    /// More than any such file takes, in bytes.
    package static let sizeLimit = 2 << 20

    /// The file's text: JSON with sorted names, indented, and a line break.
    package var json: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return try Array(encoder.encode(Form(self))) + [UInt8(ascii: "\n")]
        }
    }

    /// Reads a file's text; what it proves is for ``ProofVerdict``.
    package init(json: [UInt8]) throws(OfflineError) {
        guard json.count <= Self.sizeLimit else { throw .tooLong(limit: Self.sizeLimit) }
        let form: Form
        do {
            form = try JSONDecoder().decode(Form.self, from: Data(json))
        } catch {
            throw .proof(CommitteeFile.reason(error))
        }
        self = try form.bundle()
    }
}

extension ProofBundle {
    /// The names in the file.
    private struct Form: Codable {
        struct InclusionForm: Codable {
            @WholeNumber var index: UInt64
            @WholeNumber var size: UInt64
            var path: [String]
        }

        struct LogForm: Codable {
            @WholeNumber var author: UInt16
            @WholeNumber var size: UInt64
            var root: String
            var head: String
        }

        struct ListForm: Codable {
            @WholeNumber var epoch: UInt64
            @WholeNumber var number: UInt64
            var previous: String
            var logs: [LogForm]
        }

        struct PlaceForm: Codable {
            @WholeNumber var block: UInt64
            var transaction: String
        }

        /// Tells these files from others, and this form from later ones.
        static let format = "oracle-proof-1"

        var format: String
        var committee: CommitteeFile.Form
        @WholeNumber var author: UInt16
        var entry: String
        var inclusion: InclusionForm
        var attestedLogs: ListForm
        var signature: String
        var chain: PlaceForm?

        init(_ bundle: ProofBundle) {
            format = Self.format
            committee = CommitteeFile.Form(bundle.committee)
            author = bundle.author.rawValue
            entry = "0x" + Hex.encode(bundle.entry.sszBytes)
            inclusion = InclusionForm(
                index: bundle.inclusion.index,
                size: bundle.inclusion.size,
                path: bundle.inclusion.path.map { "\($0)" }
            )
            attestedLogs = ListForm(
                epoch: bundle.logs.epoch.rawValue,
                number: bundle.logs.number,
                previous: "\(bundle.logs.previous)",
                logs: bundle.logs.logs.map { log in
                    LogForm(
                        author: log.author.rawValue,
                        size: log.size,
                        root: "\(log.root)",
                        head: "\(log.head)"
                    )
                }
            )
            signature = "\(bundle.signature)"
            chain = bundle.place.map { PlaceForm(block: $0.block, transaction: "\($0.transaction)") }
        }

        func bundle() throws(OfflineError) -> ProofBundle {
            guard format == Self.format else { throw .proof("'format' is not \(Self.format)") }
            return ProofBundle(
                committee: try record(),
                author: MemberIndex(rawValue: author),
                entry: try object(),
                inclusion: try proof(),
                logs: try list(),
                signature: try fixed("signature", signature),
                place: try place()
            )
        }

        private func record() throws(OfflineError) -> CommitteeRecord {
            do throws(OfflineError) {
                return try committee.record()
            } catch .committee(let reason) {
                throw .proof("in 'committee' \(reason)")
            }
        }

        private func object() throws(OfflineError) -> SignedObject {
            guard entry.hasPrefix("0x"), let bytes = Hex.decode(entry) else {
                throw .proof("'entry' is not 0x and hexadecimal digits")
            }
            do throws(SSZError) {
                return try SignedObject(ssz: bytes)
            } catch {
                throw .proof("'entry' is no signed object: \(error)")
            }
        }

        private func proof() throws(OfflineError) -> InclusionProof {
            var path: [Digest] = []
            for (offset, text) in inclusion.path.enumerated() {
                path.append(try fixed("inclusion.path[\(offset)]", text))
            }
            guard let list = SSZList<Digest, 64>(path) else {
                throw .proof("'inclusion.path' has more than 64 elements")
            }
            return InclusionProof(index: inclusion.index, size: inclusion.size, path: list)
        }

        private func list() throws(OfflineError) -> AttestedLogs {
            let epoch = Epoch(attestedLogs.epoch)
            var logs: [Checkpoint] = []
            for (offset, log) in attestedLogs.logs.enumerated() {
                let name = "attestedLogs.logs[\(offset)]"
                logs.append(
                    Checkpoint(
                        epoch: epoch,
                        author: MemberIndex(rawValue: log.author),
                        size: log.size,
                        root: try fixed("\(name).root", log.root),
                        head: try fixed("\(name).head", log.head)
                    )
                )
            }
            guard let list = SSZList<Checkpoint, 128>(logs) else {
                throw .proof("'attestedLogs.logs' has more than 128 elements")
            }
            let previous: Digest = try fixed("attestedLogs.previous", attestedLogs.previous)
            return AttestedLogs(epoch: epoch, number: attestedLogs.number, previous: previous, logs: list)
        }

        private func place() throws(OfflineError) -> Place? {
            guard let chain else { return nil }
            return Place(
                block: chain.block,
                transaction: try fixed("chain.transaction", chain.transaction)
            )
        }

        private func fixed<Tag, let count: Int>(
            _ name: String,
            _ text: String
        ) throws(OfflineError) -> FixedBytes<Tag, count> {
            guard text.hasPrefix("0x"), let bytes = FixedBytes<Tag, count>(hex: text) else {
                throw .proof("'\(name)' is not 0x and \(2 * count) hexadecimal digits")
            }
            return bytes
        }
    }
}
