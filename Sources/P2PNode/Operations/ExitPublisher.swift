internal import BLS12381
internal import BeaconAPI
internal import Ethereum
internal import KeyOperations
internal import Logging
internal import Primitives
internal import ServiceLifecycle

/// Hands exits that the committee has put on record to the beacon nodes, until the beacon chain has them.
///
/// Every oracle does: the first that comes through is enough, and a node that has an exit already refuses it.
struct ExitPublisher: Service {
    /// How many exits may wait; what is more is handed in after the next start, when all records are read again.
    private static let limit = 1_024
    private static let pause = Duration.seconds(5)
    /// How often an exit is tried in one run.
    private static let tries = 120

    private let beacon: BeaconClient?
    private let logger: Logger
    private let exits: AsyncStream<ValidatorExitSigned>
    private let teller: AsyncStream<ValidatorExitSigned>.Continuation

    init(beacon: BeaconClient?, logger: Logger) {
        self.beacon = beacon
        self.logger = logger
        (exits, teller) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.limit))
    }

    /// Notes what is on record for good.
    func take(_ event: OperationsEvent) {
        guard beacon != nil, case .exitSigned(let exit) = event else { return }
        if case .dropped = teller.yield(exit) {
            logger.warning("an exit waits for the next start: too many are to be handed in")
        }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for await exit in exits { group.addTask { await publish(exit) } }
                group.cancelAll()
            }
        }
    }

    private func publish(_ exit: ValidatorExitSigned) async {
        guard let beacon, let key = PublicKey(exit.publicKey) else { return }
        let metadata: Logger.Metadata = [
            "event": "operation.exit", "validator": "\(exit.exit.validatorIndex)",
        ]
        for _ in 0..<Self.tries {
            do {
                // After a restart, or when another oracle was faster, there is nothing to do.
                if try await beacon.validator(key)?.exitEpoch != nil { return }
                let message = SignedVoluntaryExit(message: exit.exit, signature: exit.exitSignature)
                let names = try await beacon.submit(message)
                logger.notice("handed in an exit to \(names.joined(separator: ", "))", metadata: metadata)
            } catch {
                logger.info("an exit was not taken: \(error)", metadata: metadata)
            }
            do { try await Task.sleep(for: Self.pause) } catch { return }
        }
        logger.error("the beacon chain does not take an exit; see the beacon nodes' logs", metadata: metadata)
    }
}
