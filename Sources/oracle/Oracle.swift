import ArgumentParser

/// The program.
@main
struct Oracle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "oracle",
        abstract: "A peer of the oracle mesh, an operator of validators' keys, and what goes with them.",
        discussion: """
            A node needs keys (`oracle keys new`), a configuration file, and a registry whose committee names it.

            Examples:
              oracle keys new --data /var/lib/oracle --key-file /etc/oracle/seal.key --endpoint oracle.example.org:9100
              oracle run --config /etc/oracle/oracle.yaml
              oracle status --data /var/lib/oracle --why
              oracle run --config operator.yaml --role operator --operator-id 7
              oracle ops list --rpc http://127.0.0.1:8545 --contract 0x…
              oracle simulate --nodes 7 --seeds 1000

            Exit codes:
              0   it worked
              1   it worked, and the answer is no (a certificate does not hold, a node has halted)
              2   the node or its keys cannot be started or read: the message says why
              3   no running node, or no endpoint of the chain, answers
              64  the command was not understood
              78  the configuration is wrong
            """,
        version: Version.text,
        subcommands: [
            RunCommand.self, StatusCommand.self, WatchCommand.self, DrainCommand.self, KeysCommand.self,
            VerifyCommand.self, CommitteeCommand.self, EvidenceCommand.self, ProofCommand.self,
            OpsCommand.self, LogCommand.self, StoreCommand.self, SimulateCommand.self, VersionCommand.self,
        ]
    )
}

/// What exit codes mean.
enum Exit {
    /// The command worked, and the answer is no.
    static let negative: Int32 = 1
    /// The node or its keys cannot be started or read.
    static let failed: Int32 = 2
    /// The node could not be asked.
    static let unreachable: Int32 = 3
    /// The configuration is wrong (`EX_CONFIG` of sysexits.h).
    static let misconfigured: Int32 = 78
}
