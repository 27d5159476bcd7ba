import Cryptography
import Ethereum
import Primitives
import Testing

@Suite struct ChainSilenceTests {
    /// When silence is told in the first minute, none of the endpoints answering.
    private func silences() -> [Duration] {
        let outbox = OutboxDriver().configuration
        let deployment = Deployment(
            chainId: 31_337,
            genesis: TestHeaders.hash("main", 0),
            registry: outbox.registry
        )
        let configuration = ChainConfiguration(
            deployment: deployment,
            endpoints: EndpointPool.Configuration(
                endpointCount: 2,
                identity: ChainIdentity(deployment: deployment)
            ),
            outbox: outbox
        )
        var machine = ChainMachine(configuration, seed: 1)
        var told: [Duration] = []
        var now = Instant.start.advanced(by: .seconds(100))
        let end = now.advanced(by: .seconds(60))
        while now < end {
            var waiting = machine.expired(at: now)[...]
            while let action = waiting.popFirst() {
                switch action {
                case .call(let number, _, _, _):
                    let fault = RPCFault.unreachable("connection refused")
                    waiting += machine.handle(.answered(number, .failure(fault)), at: now)
                case .publish(.silent):
                    told.append(Instant.start.advanced(by: .seconds(100)).duration(to: now))
                default: break
                }
            }
            now = max(machine.nextDeadline ?? end, now.advanced(by: .milliseconds(1)))
        }
        return told
    }

    @Test func `when no endpoint has shown a state, that is told once, five seconds after the first look`() {
        #expect(silences() == [.seconds(5)])
    }
}
