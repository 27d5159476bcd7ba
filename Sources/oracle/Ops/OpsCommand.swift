import ArgumentParser

/// `oracle ops`.
struct OpsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ops",
        abstract: "Asks for work on validators' keys, and shows what was asked and what became of it.",
        discussion: """
            Speaks with the contract ValidatorOperations through an endpoint of the chain; no oracle is needed. The endpoint is \
            --rpc or ORACLE_CHAIN_RPC, the contract --contract or ORACLE_OPERATIONS_ADDRESS. What asks for something is the \
            governor's, by the account key of --account-file; a governor that is a contract takes --dry-run, which prints what \
            is to be sent where.

            Examples:
              export ORACLE_CHAIN_RPC=http://127.0.0.1:8545 ORACLE_OPERATIONS_ADDRESS=0x5FbDB2315678afecb367f032d93F642f64180aa3
              oracle ops operators list
              oracle ops keygen --count 3 --withdrawal 0x… --account-file governor.key
              oracle ops list
              oracle ops show 3
            """,
        subcommands: [
            KeygenCommand.self, ReshareCommand.self, ExitRequestCommand.self, CancelCommand.self,
            ListRequestsCommand.self, ShowRequestCommand.self, WatchRequestsCommand.self,
            OperatorsCommand.self,
        ]
    )
}
