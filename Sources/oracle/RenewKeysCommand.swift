import ArgumentParser
import Cryptography
import P2PNode
import SystemPackage

/// `oracle keys renew`.
struct RenewKeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew",
        abstract: "Makes a fresh encryption key for the next epoch and prints the member's new card.",
        discussion: """
            Each epoch's shares are encrypted to a key of its own, which the node erases when it needs it no more. Make \
            the next one before the committee is proposed anew, and hand the new card to the registry's governor. The \
            node may run meanwhile: it reads the key when the registry names it. Identity and account stay as they are.

            Examples:
              oracle keys renew --data /var/lib/oracle --key-file /etc/oracle/seal.key
              oracle keys renew --data node-1 --key-file seal.key --endpoint 127.0.0.1:9102
            """
    )

    @Option(name: .long, help: ArgumentHelp("The data directory.", valueName: "dir"))
    var data: String = "."

    @Option(
        name: .long,
        help: ArgumentHelp("Where the others will find this node, if that changes.", valueName: "host:port")
    )
    var endpoint: String?

    @OptionGroup var protection: KeyProtection

    func validate() throws {
        if let endpoint, Endpoint(endpoint) == nil {
            throw ValidationError(
                "--endpoint takes host:port, such as oracle.example.org:9100, not '\(endpoint)'"
            )
        }
    }

    func run() throws {
        do {
            _ = ProcessHardening.apply()
            let directory = try DataDirectory(opening: FilePath(data))
            let old = try MemberCard(reading: directory.memberCard)
            var keys = try NodeKeys(in: directory, protection: try protection.sealingKey())
            var random = SystemRandom()
            let key = try keys.addEncryptionKey(random: &random)
            let card = keys.card(
                encryptionKey: key.publicKey,
                endpoint: endpoint.flatMap { Endpoint($0) } ?? old.endpoint
            )
            try card.write(to: directory.memberCard)
            print(card.json)
        } catch {
            Terminal.complain("\(error)")
            throw ExitCode(Exit.failed)
        }
    }
}
