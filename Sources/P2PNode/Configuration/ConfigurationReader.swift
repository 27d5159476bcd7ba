internal import Consensus
internal import Ethereum
internal import KeyOperations
internal import SystemPackage

/// Makes values of settings, and gathers what is wrong with them.
struct ConfigurationReader {
    private let raw: RawConfiguration
    private(set) var problems: [ConfigurationProblem]
    private(set) var report: [ConfigurationEntry] = []

    init(_ raw: RawConfiguration) {
        self.raw = raw
        problems = raw.problems
    }

    /// A setting that must be set; `nil` when it is not, or wrong.
    mutating func required<Value>(_ key: ConfigurationKey, _ setting: Setting<Value>, remedy: String)
        -> Value?
    {
        if raw.values[key] == nil {
            problems.append(.missing(key, remedy: "\(remedy), in the file or as \(key.variable)"))
        }
        return optional(key, setting)
    }

    /// A setting with a default; `nil` when it is wrong.
    mutating func standard<Value>(_ key: ConfigurationKey, _ setting: Setting<Value>) -> Value? {
        guard raw.values[key] == nil, let text = key.standard else { return optional(key, setting) }
        report.append(ConfigurationEntry(key: key, value: text, origin: .standard))
        return setting.parse([text], .standard)
    }

    /// A setting that need not be set; `nil` when it is not, or wrong.
    mutating func optional<Value>(_ key: ConfigurationKey, _ setting: Setting<Value>) -> Value? {
        guard let value = raw.values[key] else {
            report.append(ConfigurationEntry(key: key, value: nil, origin: .standard))
            return nil
        }
        guard !value.items.isEmpty, value.items.allSatisfy({ !$0.isEmpty }) else {
            problems.append(.empty(key, origin: value.origin))
            return nil
        }
        guard key.isList || value.items.count == 1, let parsed = setting.parse(value.items, value.origin)
        else {
            problems.append(
                .invalid(
                    key,
                    value: value.items.map(setting.show).joined(separator: ", "),
                    origin: value.origin,
                    allowed: setting.allowed
                )
            )
            return nil
        }
        let shown = value.items.map(setting.show).joined(separator: ", ")
        report.append(ConfigurationEntry(key: key, value: shown, origin: value.origin))
        return parsed
    }

    /// A setting that has no meaning beside the others, which must not be set.
    mutating func refuse(_ key: ConfigurationKey, allowed: String) {
        guard let value = raw.values[key] else {
            report.append(ConfigurationEntry(key: key, value: nil, origin: .standard))
            return
        }
        problems.append(.invalid(key, value: value.text, origin: value.origin, allowed: allowed))
    }

    /// The one of the two files that is set.
    mutating func protection() -> NodeConfiguration.Protection? {
        let passphrase = optional(.passphraseFile, .path)
        let key = optional(.keyFile, .path)
        switch (raw.values[.passphraseFile], raw.values[.keyFile]) {
        case (nil, nil):
            problems.append(
                .missing(
                    .keyFile,
                    remedy: "name the file that opens the node's keys, or the one with the passphrase as "
                        + "\(ConfigurationKey.passphraseFile)"
                )
            )
            return nil
        case (_?, _?):
            problems.append(.conflict(.passphraseFile, .keyFile))
            return nil
        default:
            return passphrase.map { .passphraseFile($0) } ?? key.map { .keyFile($0) }
        }
    }

    /// The contract for validators' keys with the block from which on it is read, or neither.
    mutating func operations() -> OperationsSource? {
        let contract = optional(.operationsAddress, .account)
        let firstBlock = optional(.operationsFirstBlock, .number(0...UInt64(Int64.max)))
        let keys = [ConfigurationKey.operationsAddress, .operationsFirstBlock]
        let missing = keys.filter { raw.values[$0] == nil }
        if missing == [.operationsAddress] {
            let remedy =
                "name the contract for validators' keys, or leave out \(ConfigurationKey.operationsFirstBlock)"
            problems.append(.missing(.operationsAddress, remedy: remedy))
        } else if missing == [.operationsFirstBlock] {
            let remedy =
                "name the block in which the contract at \(ConfigurationKey.operationsAddress) was deployed"
            problems.append(.missing(.operationsFirstBlock, remedy: remedy))
        }
        guard let contract, let firstBlock else { return nil }
        return OperationsSource(contract: contract, firstBlock: firstBlock)
    }

    /// The beacon chain, which a node must know that has to do with operations.
    mutating func network(isNeeded: Bool) -> BeaconNetwork? {
        let network = optional(.beaconNetwork, .network)
        if isNeeded, raw.values[.beaconNetwork] == nil {
            problems.append(.missing(.beaconNetwork, remedy: "name the beacon chain, such as mainnet"))
        }
        return network
    }

    /// The timers of the making of a group key.
    mutating func ceremony() -> CeremonyTiming? {
        let range = Duration.milliseconds(100) ... .seconds(3_600)
        let dealing = standard(.ceremonyDealing, .duration(range))
        let confirming = standard(.ceremonyConfirming, .duration(range))
        let grace = standard(.ceremonyGrace, .duration(range))
        let longest = standard(.ceremonyLongest, .duration(range))
        guard let dealing, let confirming, let grace, let longest else { return nil }
        return CeremonyTiming(dealing: dealing, confirming: confirming, grace: grace, longest: longest)
    }
}
