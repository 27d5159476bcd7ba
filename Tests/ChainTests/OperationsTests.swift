import Cryptography
import Ethereum
import KeyOperations
import P2PNode
import Primitives
import Testing

extension DevelopmentChainTests {
    /// What the contract for validators' keys has on record, and how reports get there.
    struct OperationsTests {
        private func withOperations(
            endpoints: [String] = ["main"],
            _ body: (DevChain, TestOperations, ChainProbe) async throws -> Void
        ) async throws {
            try await withRegistry { chain, registry in
                let operations = try await TestOperations(beside: registry)
                try await ChainProbe.with(registry, endpoints: endpoints) { configuration in
                    configuration.operations = operations.source
                    configuration.finalityInterval = 1
                    configuration.endpoints.agreement = endpoints.count
                } _: { probe in
                    try await body(chain, operations, probe)
                }
            }
        }

        @Test func `a request and its report are told in order when they are final, and the deposit is paid`()
            async throws
        {
            try await withOperations(endpoints: ["main", "other"]) { chain, operations, probe in
                let request = try await operations.ask()
                try await probe.wait(forHead: try await chain.height())
                let call = try operations.creation(of: request)
                let id = try #require(await probe.service.submit(call))
                try await probe.wait(forOutcome: "want of ether", of: id) { outcome in
                    outcome == .postponed(.noEther) ? true : nil
                }
                try await operations.pay(UInt256(32) * 1_000_000_000_000_000_000)
                try await chain.mine()
                try await probe.wait(forSending: id)
                try await chain.mine()
                try await probe.wait(forOutcome: "inclusion", of: id) { outcome in
                    if case .progress(.included(_, _, .succeeded)) = outcome { true } else { nil }
                }
                #expect(
                    await probe.operations.allSatisfy { $0.block.number < operations.source.firstBlock + 3 }
                )
                try await chain.mine(10)
                try await probe.wait(forOutcome: "the end", of: id) { $0 == .settled ? true : nil }
                try await probe.wait(until: "the report is told") { await probe.operations.count == 6 }
                let events = await probe.operations.map(\.event)
                for (event, number) in zip(events, operations.operators.ids) {
                    guard case .operatorRegistered(let record) = event else {
                        Issue.record("\(event)")
                        continue
                    }
                    #expect(record.id == number)
                }
                #expect(events[4] == .requested(.keygen(request), operations.id(of: request)))
                guard case .validatorCreated(let created) = events[5],
                    case .create(_, let statement, _, _) = call
                else {
                    Issue.record("\(events[5])")
                    return
                }
                #expect(created.statement == statement)
                #expect(created.isProven(by: operations.registry.group.key, in: operations.domain))
                let ends = await probe.operationsEnds
                #expect(Set(ends).count == ends.count && ends == ends.sorted())
            }
        }

        @Test
        func `a report that another brings first is found done, and again when it is brought once more`()
            async throws
        {
            try await withOperations { chain, operations, probe in
                let request = try await operations.ask()
                try await probe.wait(forHead: try await chain.height())
                let id = try #require(await probe.service.submit(try operations.failure(of: request)))
                try await probe.wait(forSending: id)
                let other = try operations.failure(of: request, nonce: 99)
                #expect(ReportCall(other, to: operations.source.contract)?.id == id)
                try await operations.bring(other, from: 6, tip: 50_000_000_000)
                try await chain.mine()
                try await probe.wait(forOutcome: "a lost race", of: id) { outcome in
                    if case .progress(.included(_, _, .reverted)) = outcome { true } else { nil }
                }
                try await probe.wait(forOutcome: "contentment", of: id) { outcome in
                    if case .doneByOther = outcome { true } else { nil }
                }
                try await chain.mine(10)
                try await probe.wait(forOutcome: "the end", of: id) { $0 == .settled ? true : nil }
                #expect(await probe.service.submit(other) == id)
                try await probe.wait(until: "it is found done again") {
                    await probe.count { event in
                        if case .submission(let call, .doneByOther) = event { call.id == id } else { false }
                    } == 2
                }
            }
        }

        @Test func `a report about a request that was taken back is superseded, and nothing is sent`()
            async throws
        {
            try await withOperations { chain, operations, probe in
                let request = try await operations.ask()
                try await operations.govern(OperationsCall.cancel(operations.id(of: request)).data)
                try await chain.mine()
                try await probe.wait(forHead: try await chain.height())
                let id = try #require(await probe.service.submit(try operations.creation(of: request)))
                try await probe.wait(forOutcome: "supersession", of: id) { outcome in
                    if case .superseded = outcome { true } else { nil }
                }
                let cancel = OperationsCall.cancel(operations.id(of: request))
                #expect(await probe.service.submit(cancel) == nil)
                try await chain.mine(10)
                try await probe.wait(forOutcome: "the end", of: id) { $0 == .settled ? true : nil }
                try await probe.wait(until: "it is told") {
                    await probe.operations.last?.event == .requestCancelled(operations.id(of: request))
                }
                #expect(try await chain.nonce(of: TestRegistry.account(1).address) == 0)
            }
        }
    }
}
