internal import BLS12381
package import KeyOperations
internal import Primitives

/// The file `deposit_data.json` of the deposit tools, which the launchpad and other tools take.
package struct DepositFile: Hashable, Sendable {
    /// One validator's deposit as the file tells it.
    package struct Entry: Hashable, Sendable {
        /// The deposit.
        package var data: DepositData
        /// The network for which it is signed.
        package var network: BeaconNetwork
        /// The version of the program that made it, or whose form it has.
        package var toolVersion: String

        /// Joins them; nothing is checked.
        package init(data: DepositData, network: BeaconNetwork, toolVersion: String = DepositFile.toolVersion)
        {
            self.data = data
            self.network = network
            self.toolVersion = toolVersion
        }
    }

    /// In the file's order.
    package var entries: [Entry]

    /// How many entries a file has at most.
    package static let mostEntries = 1_000
    /// How many bytes a file has at most; an entry has about 750.
    package static let mostBytes = 2_097_152
    /// The version of the first deposit tool whose form this is, which launchpads ask for.
    package static let toolVersion = "2.7.0"

    private static let names = [
        "pubkey", "withdrawal_credentials", "amount", "signature", "deposit_message_root",
        "deposit_data_root", "fork_version", "network_name", "deposit_cli_version",
    ]

    /// A file to write.
    package init(_ entries: [Entry]) {
        self.entries = entries
    }

    /// The file's bytes, by default with the white space of the deposit tools themselves.
    package func encoded(_ style: FileText.Style = .spaced) -> [UInt8] {
        FileText.list(
            entries.map { entry in
                let data = entry.data
                return .object([
                    ("pubkey", .text(data.message.publicKey.hex)),
                    ("withdrawal_credentials", .text(data.message.withdrawalCredentials.hex)),
                    ("amount", .number(data.message.amount.rawValue)),
                    ("signature", .text(data.signature.hex)),
                    ("deposit_message_root", .text(data.message.hashTreeRoot().hex)),
                    ("deposit_data_root", .text(data.hashTreeRoot().hex)),
                    ("fork_version", .text(entry.network.genesisForkVersion.hex)),
                    ("network_name", .text(entry.network.name)),
                    ("deposit_cli_version", .text(entry.toolVersion)),
                ])
            }
        ).encoded(style)
    }

    /// Reads a file, and holds the roots and names in it to what they are of.
    ///
    /// Whether the deposits are good is what ``examine(_:)`` asks.
    package init(_ bytes: [UInt8], networks: KnownNetworks = KnownNetworks()) throws(FileFault) {
        let values = try FileValue.read(bytes, atMost: Self.mostBytes).list(1...Self.mostEntries)
        var entries: [Entry] = []
        for value in values { entries.append(try Self.entry(value, networks)) }
        self.entries = entries
    }

    private static func entry(_ value: FileValue, _ networks: KnownNetworks) throws(FileFault) -> Entry {
        let members = try value.object(names)
        let version = members("fork_version")
        guard let network = networks.named(by: try version.fixed(prefix: .none)) else {
            throw version.fault(
                "is the genesis version of no network that is known here",
                remedy: "name the network in the configuration, or get a deposit for the right one"
            )
        }
        let name = members("network_name")
        guard try name.text(atMost: 64) == network.name else {
            throw name.fault("is not \(network.name), whose fork version stands beside it")
        }
        let tool = members("deposit_cli_version")
        let toolVersion = try tool.text(atMost: 32)
        guard isRecent(toolVersion) else {
            throw tool.fault(
                "is no version from \(Self.toolVersion) on, nor one of ethstaker's tool",
                remedy: "make the file with a newer deposit tool: launchpads refuse older ones"
            )
        }
        let data = DepositData(
            message: DepositMessage(
                stated: try members("pubkey").fixed(prefix: .none),
                try members("withdrawal_credentials").fixed(prefix: .none),
                Gwei(rawValue: try members("amount").number())
            ),
            signature: try members("signature").fixed(prefix: .none)
        )
        let messageRoot = members("deposit_message_root")
        guard try messageRoot.fixed(prefix: .none) == data.message.hashTreeRoot() else {
            throw messageRoot.fault("is not the root of the message", remedy: Remedy.doNotUse)
        }
        let dataRoot = members("deposit_data_root")
        guard try dataRoot.fixed(prefix: .none) == data.hashTreeRoot() else {
            throw dataRoot.fault("is not the root of the deposit", remedy: Remedy.doNotUse)
        }
        return Entry(data: data, network: network, toolVersion: toolVersion)
    }

    /// Whether these are three numbers, no less than those of ``toolVersion``, or beginning with a 1.
    ///
    /// The tool that superseded the first one began again at 1.0.0.
    private static func isRecent(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in UInt32(part).flatMap { String($0) == part ? $0 : nil } }
        guard parts.count == 3, numbers.count == 3 else { return false }
        return numbers[0] == 1 || !numbers.lexicographicallyPrecedes([2, 7, 0])
    }

    /// Checks each deposit as the chain will, and that no validator comes twice; about 2 ms each.
    func examine(_ report: inout FileReport) {
        var seen: Set<G1Bytes> = []
        for (index, entry) in entries.enumerated() {
            let key = entry.data.message.publicKey
            let fault = entry.data.fault(on: entry.network)
            report.check(
                "deposit of \(entry.data.message.amount.rawValue) Gwei for \(key) on \(entry.network.name)",
                at: "[\(index)]",
                fault == nil,
                fault.map { "\($0)" } ?? "",
                remedy: "do not send it: the chain would keep the ether and make no validator"
            )
            if !seen.insert(key).inserted {
                report.check(
                    "one deposit a validator",
                    at: "[\(index)].pubkey",
                    false,
                    "the validator has a deposit before",
                    remedy: "remove one of them, unless the validator shall be given twice the ether"
                )
            }
        }
    }
}
