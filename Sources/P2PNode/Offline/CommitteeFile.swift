package import Consensus
internal import Cryptography
internal import Ethereum
internal import FoundationEssentials
internal import Primitives

/// A committee's public record as a JSON file: what a reader without a node needs to check certificates.
package struct CommitteeFile: Hashable, Sendable {
    /// More than any committee's file takes, in bytes.
    package static let sizeLimit = 1 << 20

    /// The record.
    package let record: CommitteeRecord

    /// A file of the record.
    package init(_ record: CommitteeRecord) {
        self.record = record
    }

    /// The file's text: JSON with sorted names, indented, and a line break.
    package var json: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return try Array(encoder.encode(Form(record))) + [UInt8(ascii: "\n")]
        }
    }

    /// Reads a file's text.
    ///
    /// Whether the keys are keys and the members make a committee is checked when a certificate is.
    package init(json: [UInt8]) throws(OfflineError) {
        guard json.count <= Self.sizeLimit else { throw .tooLong(limit: Self.sizeLimit) }
        let form: Form
        do {
            form = try JSONDecoder().decode(Form.self, from: Data(json))
        } catch {
            throw .committee(Self.reason(error))
        }
        record = try form.record()
    }

    /// What a decoder has found wrong, and where.
    static func reason(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _): "'\(key.stringValue)' is missing"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
            DecodingError.dataCorrupted(let context):
            context.codingPath.isEmpty
                ? context.debugDescription
                : "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' is wrong"
        default: "\(error)"
        }
    }
}

extension CommitteeFile {
    /// The names in the file.
    struct Form: Codable {
        struct MemberForm: Codable {
            var account: String
            var identity: String
            var encryptionKey: String
            var endpoint: String
        }

        var protocolVersion: UInt16
        var chainId: UInt64
        var genesis: String
        var registry: String
        var epoch: UInt64
        var members: [MemberForm]
        var groupKey: String
        var membersHash: String
        var transcript: String

        init(_ record: CommitteeRecord) {
            protocolVersion = record.deployment.protocolVersion
            chainId = record.deployment.chainId
            genesis = "\(record.deployment.genesis)"
            registry = record.deployment.registry.checksummed
            epoch = record.roster.epoch.rawValue
            members = record.roster.members.map { member in
                MemberForm(
                    account: member.account.checksummed,
                    identity: "\(member.identity)",
                    encryptionKey: "\(member.encryptionKey)",
                    endpoint: String(decoding: member.endpoint.bytes, as: UTF8.self)
                )
            }
            groupKey = "\(record.groupKey)"
            membersHash = "\(record.membersHash)"
            transcript = "\(record.transcript)"
        }

        func record() throws(OfflineError) -> CommitteeRecord {
            var deployment = Deployment(
                chainId: chainId,
                genesis: try fixed("genesis", genesis),
                registry: try address("registry", registry)
            )
            deployment.protocolVersion = protocolVersion
            var list: [Member] = []
            for (offset, form) in members.enumerated() {
                let name = "members[\(offset)]"
                guard let endpoint = ByteList<64>(Array(form.endpoint.utf8)) else {
                    throw .committee("'\(name).endpoint' is longer than 64 bytes")
                }
                list.append(
                    Member(
                        account: try address("\(name).account", form.account),
                        identity: try fixed("\(name).identity", form.identity),
                        encryptionKey: try fixed("\(name).encryptionKey", form.encryptionKey),
                        endpoint: endpoint
                    )
                )
            }
            guard let members = SSZList<Member, 128>(list) else {
                throw .committee("'members' has more than 128 elements")
            }
            return CommitteeRecord(
                deployment: deployment,
                roster: Roster(epoch: Epoch(epoch), members: members),
                groupKey: try fixed("groupKey", groupKey),
                membersHash: try fixed("membersHash", membersHash),
                transcript: try fixed("transcript", transcript)
            )
        }

        private func address(_ name: String, _ text: String) throws(OfflineError) -> Address {
            guard let address = Address(checked: text) else {
                throw .committee("'\(name)' is no account: 0x and 40 digits with the capitals of EIP-55")
            }
            return address
        }

        private func fixed<Tag, let count: Int>(
            _ name: String,
            _ text: String
        ) throws(OfflineError) -> FixedBytes<Tag, count> {
            guard text.hasPrefix("0x"), let bytes = FixedBytes<Tag, count>(hex: text) else {
                throw .committee("'\(name)' is not 0x and \(2 * count) hexadecimal digits")
            }
            return bytes
        }
    }
}

/// Why a file for checking without a node cannot be read.
package enum OfflineError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It is longer than such files are.
    case tooLong(limit: Int)
    /// It is no committee's record.
    case committee(String)
    /// It is no certificate, and no log that bears one.
    case certificate(String)
    /// It is no file of evidence.
    case evidence(String)
    /// It is no file that proves an entry of a log.
    case proof(String)
    /// It is no transcript of an operation that can be read.
    case transcript(String)
    /// It names no network.
    case network(String)

    package var description: String {
        switch self {
        case .tooLong(let limit): "it has more than \(limit) bytes"
        case .committee(let reason):
            "it is no committee's record (\(reason)). Write one on a machine with a running node: oracle committee export"
        case .certificate(let reason):
            """
            it is no election certificate and no LeaderElected log (\(reason)). Give the JSON of 'oracle status --json', \
            of a log or receipt from an Ethereum node, or the certificate's bytes in hexadecimal
            """
        case .evidence(let reason):
            "it is no file of evidence (\(reason)). Write one on a machine with a running node: oracle evidence export"
        case .network(let reason):
            """
            it names no network (\(reason)). Give JSON with name, genesis_fork_version, capella_fork_version and \
            genesis_validators_root, as a beacon node tells them
            """
        case .proof(let reason):
            "it is no proof of an entry (\(reason)). Write one on a machine with a running node: oracle proof export"
        case .transcript(let reason):
            "\(reason). Get the transcript again from an oracle or operator that took part"
        }
    }
}
