import ArgumentParser
import Cryptography
import P2PNode
import SystemPackage
import ValidatorFiles

/// `oracle keys`.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Makes and shows the keys of an oracle or an operator.",
        subcommands: [NewKeysCommand.self, ShowKeysCommand.self, RenewKeysCommand.self]
    )
}

/// What protects the keys of a data directory.
struct KeyProtection: ParsableArguments {
    @Option(name: .long, help: ArgumentHelp("A file with the passphrase.", valueName: "file"))
    var passphraseFile: String?

    @Option(name: .long, help: ArgumentHelp("A file with 32 random bytes, mode 0600.", valueName: "file"))
    var keyFile: String?

    func validate() throws {
        guard (passphraseFile == nil) != (keyFile == nil) else {
            throw ValidationError(
                "give one of --passphrase-file and --key-file: it is what opens the keys later"
            )
        }
    }

    func sealingKey() throws(KeyError) -> SealingKey {
        if let keyFile { return .keyFile(try SecretFile.key(FilePath(keyFile))) }
        return .passphrase(try SecretFile.passphrase(FilePath(passphraseFile ?? "")))
    }
}

/// `oracle keys new`.
struct NewKeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Makes the keys of a new member, or operator, and prints its public card.",
        discussion: """
            The card is what the registry's governor needs to propose the member; nothing in it is secret. It is written \
            to member.json in the data directory, too.

            With --operator they are an operator's: an identity, the account that may change the operator's entry, and the \
            RSA key under which its shares of validators' keys are encrypted for SSV; the card is in operator.json. An \
            operator that has its RSA key in SSV's network already gives that key's file, and its password.

            Examples:
              oracle keys new --data /var/lib/oracle --passphrase-file pass.txt --endpoint oracle.example.org:9100
              oracle keys new --data node-1 --key-file seal.key --endpoint 127.0.0.1:9101
              oracle keys new --operator --data operator-7 --key-file seal.key --endpoint operator.example.org:9100
              oracle keys new --operator --data operator-7 --key-file seal.key --endpoint operator.example.org:9100 \
                --shares-key-file encrypted_private_key.json --shares-key-password-file password
            """
    )

    @Option(name: .long, help: ArgumentHelp("The data directory; made if it is missing.", valueName: "dir"))
    var data: String

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Where the other members will find this node; what an operator's entry says.",
            valueName: "host:port"
        )
    )
    var endpoint: String

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A file with an account's secret key in hexadecimal, to use that.",
            valueName: "file"
        )
    )
    var accountFile: String?

    @Flag(help: "Make an operator's keys.")
    var `operator` = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "With --operator, a file with the RSA key to use, as SSV keeps it.",
            valueName: "file"
        )
    )
    var sharesKeyFile: String?

    @Option(name: .long, help: ArgumentHelp("A file with that file's password.", valueName: "file"))
    var sharesKeyPasswordFile: String?

    @OptionGroup var protection: KeyProtection

    func validate() throws {
        guard self.operator || (sharesKeyFile == nil && sharesKeyPasswordFile == nil) else {
            throw ValidationError("only an operator has a key for shares: add --operator")
        }
        guard sharesKeyFile != nil || sharesKeyPasswordFile == nil else {
            throw ValidationError("--shares-key-password-file opens --shares-key-file, which is missing")
        }
    }

    func run() throws {
        guard let endpoint = Endpoint(endpoint) else {
            throw ValidationError(
                "--endpoint takes host:port, such as oracle.example.org:9100, not '\(endpoint)'"
            )
        }
        do {
            // Before there is a secret: no core dump, no debugger of the same user.
            _ = ProcessHardening.apply()
            let account = try accountFile.map { path throws(KeyError) in
                try SecretFile.account(FilePath(path))
            }
            try self.operator ? makeOperator(account, endpoint) : makeMember(account, endpoint)
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode(Exit.failed)
        }
    }
}

extension NewKeysCommand {
    private func makeMember(_ account: SecretBytes?, _ endpoint: Endpoint) throws {
        var random = SystemRandom()
        let card = try NodeKeys.create(
            in: try DataDirectory(creating: FilePath(data)),
            protection: try protection.sealingKey(),
            account: account,
            endpoint: endpoint,
            random: &random
        )
        print(card.json)
    }

    private func makeOperator(_ account: SecretBytes?, _ endpoint: Endpoint) throws {
        guard "\(endpoint)".utf8.count <= OperatorCard.endpointLimit else {
            throw ValidationError("an operator's endpoint has at most \(OperatorCard.endpointLimit) bytes")
        }
        var random = SystemRandom()
        let card = try NodeKeys.createOperator(
            in: try DataDirectory(creating: FilePath(data)),
            protection: try protection.sealingKey(),
            account: account,
            sharesKey: try sharesKey(),
            endpoint: endpoint,
            random: &random
        )
        print(card.json)
    }

    private func sharesKey() throws -> SecretBytes? {
        guard let sharesKeyFile else { return nil }
        let password = try sharesKeyPasswordFile.map { path in
            try KeystorePassword(try SecretFile.passphrase(FilePath(path)))
        }
        do {
            return try OperatorKeyFile.block(
                try SecretFile.content(FilePath(sharesKeyFile)),
                password: password
            )
        } catch let fault as FileFault {
            throw KeyError.notASharesKey("\(sharesKeyFile): \(fault)")
        }
    }
}
