import BLS12381
import CeremonySupport
import Primitives
import Testing

@testable import KeyOperations

/// What makes no plan, whoever wrote it.
@Suite struct CheckedPlanTests {
    private func fault(_ plan: OperationPlan, _ change: (inout OperationPlan) throws -> Void) throws
        -> PlanFault?
    {
        var plan = plan
        try change(&plan)
        do throws(PlanFault) {
            _ = try CheckedPlan(plan)
            return nil
        } catch {
            #expect(!error.description.isEmpty)
            return error
        }
    }

    private func list<Value, let limit: Int>(_ values: [Value]) throws -> SSZList<Value, limit> {
        try known(SSZList(values), "so many")
    }

    @Test func `operators are a group, each with an identity of its own`() throws {
        let plan = try Scene.keygen().plan.plan
        let all = plan.operators.elements
        #expect(try fault(plan) { _ in } == nil)
        #expect(try fault(plan) { $0.operators = try list(Array(all.dropLast())) } == .operators)
        #expect(try fault(plan) { $0.operators = try list(all.reversed()) } == .operators)
        #expect(try fault(plan) { $0.operators = try $0.operators.changing(1) { $0 = all[0] } } == .operators)
        #expect(
            try fault(plan) { $0.operators = try $0.operators.changing(0) { $0.id = OperatorID(0) } }
                == .operators
        )
        #expect(
            try fault(plan) { $0.operators = try $0.operators.changing(1) { $0.identity = all[0].identity } }
                == .operators
        )
    }

    @Test func `attempts count from 1, and name each that is left out once`() throws {
        let plan = try Scene.keygen().plan.plan
        #expect(try fault(plan) { $0.attempt = 0 } == .attempt)
        #expect(try fault(plan) { $0.excluded = try list([OperatorID(8), OperatorID(9)]) } == nil)
        #expect(try fault(plan) { $0.excluded = try list([OperatorID(9), OperatorID(8)]) } == .attempt)
        #expect(try fault(plan) { $0.excluded = try list([OperatorID(9), OperatorID(9)]) } == .attempt)
    }

    @Test func `a keygen fills places, and pays to an address`() throws {
        let plan = try Scene.keygen(3).plan.plan
        let keygen = try KeygenTask(ssz: plan.task.bytes)
        func fault(_ change: (inout KeygenTask) throws -> Void) throws -> PlanFault? {
            try self.fault(plan) {
                var task = keygen
                try change(&task)
                $0.task = OperationTask.keygen(task).encoded
            }
        }
        #expect(try fault { _ in } == nil)
        #expect(try fault { $0.places = SSZList() } == .task)
        #expect(try fault { $0.places = try list([0, 2, 1]) } == .task)
        #expect(try fault { $0.places = try list([0, 0]) } == .task)
        #expect(try fault { $0.credentials[0] = 0 } == .task)
        #expect(try self.fault(plan) { $0.kind = 2 } == .task)
        #expect(try self.fault(plan) { $0.kind = 3 } == .task)
        for kind in [UInt8(0), 4, 255] { #expect(try self.fault(plan) { $0.kind = kind } == .task) }
        #expect(try self.fault(plan) { $0.task = try known(ByteList($0.task.bytes + [0]), "bytes") } == .task)
    }

    @Test func `a reshare has a sharing, and dealers enough`() throws {
        let plan = try Scene.reshare().plan.plan
        let reshare = try ReshareTask(ssz: plan.task.bytes)
        let dealers = reshare.dealers.elements
        func fault(_ change: (inout ReshareTask) throws -> Void) throws -> PlanFault? {
            try self.fault(plan) {
                var task = reshare
                try change(&task)
                $0.task = OperationTask.reshare(task).encoded
            }
        }
        #expect(try fault { $0.dealers = try list(Array(dealers.prefix(3))) } == nil)
        #expect(try fault { $0.dealers = try list(Array(dealers.prefix(2))) } == .dealers)
        #expect(try fault { $0.dealers = try list(dealers.reversed()) } == .dealers)
        #expect(try fault { $0.dealers = try $0.dealers.changing(0) { $0.id = OperatorID(0) } } == .dealers)
        #expect(try fault { $0.sharing = SSZList() } == .sharing)
        for bytes in [G1Bytes(), G1.identity.compressed] {
            #expect(try fault { $0.sharing = try $0.sharing.changing(1) { $0 = bytes } } == .sharing)
        }
        // Operator 1 deals and receives: under one identity.
        #expect(
            try fault { $0.dealers = try $0.dealers.changing(0) { $0.identity = dealers[2].identity } }
                == .operators
        )
        #expect(
            try fault { $0.dealers = try $0.dealers.changing(0) { $0.sharesKeyHash[0] ^= 1 } } == .operators
        )
        #expect(
            try fault { $0.dealers = try $0.dealers.changing(2) { $0.identity = dealers[3].identity } }
                == .operators
        )
    }

    @Test func `an exit has no more signers to find than there are`() throws {
        let plan = try Scene.exit().plan.plan
        let exit = try ExitTask(ssz: plan.task.bytes)
        let many = exit.sharing.elements + exit.sharing.elements
        #expect(try fault(plan) { _ in } == nil)
        #expect(
            try fault(plan) {
                $0.task =
                    OperationTask.exit(ExitTask(sharing: try list(Array(many.prefix(5))), exit: exit.exit))
                    .encoded
            } == .sharing
        )
        #expect(try CheckedPlan(plan).dealers.isEmpty && CheckedPlan(plan).count == 1)
        #expect(try OperationPlan(ssz: plan.sszBytes) == plan)
    }
}
