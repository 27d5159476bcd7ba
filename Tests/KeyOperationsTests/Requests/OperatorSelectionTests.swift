import KeyOperations
import Primitives
import Testing

@Suite struct OperatorSelectionTests {
    private func record(
        _ id: UInt64,
        registration: UInt64,
        isActive: Bool = true,
        isCollateralised: Bool = true
    ) -> OperatorRecord {
        OperatorRecord(
            id: OperatorID(id),
            account: Address(),
            identity: Identity(),
            sharesKeyHash: Digest(),
            endpoint: ByteList(),
            isActive: isActive,
            isCollateralised: isCollateralised,
            registration: registration
        )
    }

    /// Numbers 70, 60, ..., 10 in the order of registration.
    private var seven: [OperatorRecord] {
        (1...7).map { record(UInt64(80 - 10 * $0), registration: UInt64($0)) }
    }

    private func ids(_ numbers: [UInt64]) -> [OperatorID] { numbers.map { OperatorID($0) } }

    private func choose(
        _ size: Int,
        _ records: [OperatorRecord],
        validators: [OperatorID: Int] = [:],
        busy: Set<OperatorID> = [],
        excluding excluded: Set<OperatorID> = []
    ) -> [OperatorID]? {
        OperatorSelection.choose(
            size,
            among: records,
            validators: validators,
            busy: busy,
            excluding: excluded
        )?.ids
    }

    @Test func `takes those registered first and names them in rising order`() {
        #expect(choose(4, seven) == ids([40, 50, 60, 70]))
        #expect(choose(7, seven) == ids([10, 20, 30, 40, 50, 60, 70]))
    }

    @Test func `comes to the same in whatever order the operators are listed`() {
        #expect(choose(4, seven.reversed()) == ids([40, 50, 60, 70]))
        #expect(choose(4, seven.sorted { $0.id < $1.id }) == ids([40, 50, 60, 70]))
    }

    @Test func `prefers those with fewer validators`() {
        let validators = [OperatorID(70): 2, OperatorID(60): 1, OperatorID(40): 1]
        #expect(choose(4, seven, validators: validators) == ids([10, 20, 30, 50]))
        #expect(choose(5, seven, validators: validators) == ids([10, 20, 30, 50, 60]))
        #expect(choose(6, seven, validators: validators) == ids([10, 20, 30, 40, 50, 60]))
    }

    @Test func `leaves out who is not active, not collateralised, busy or excluded`() {
        var records = seven
        records[0] = record(70, registration: 1, isActive: false)
        records[1] = record(60, registration: 2, isCollateralised: false)
        #expect(choose(4, records) == ids([20, 30, 40, 50]))
        #expect(choose(4, records, busy: [OperatorID(50)]) == ids([10, 20, 30, 40]))
        #expect(choose(4, records, excluding: [OperatorID(30)]) == ids([10, 20, 40, 50]))
    }

    @Test func `chooses nobody rather than fewer than are asked for`() {
        #expect(choose(7, Array(seven.dropLast())) == nil)
        #expect(choose(6, seven, busy: [OperatorID(10)], excluding: [OperatorID(20)]) == nil)
        #expect(choose(5, seven, busy: [OperatorID(10)], excluding: [OperatorID(20)]) != nil)
        for size in [-1, 0, 3, 14] { #expect(choose(size, seven + seven) == nil) }
    }

    private func replacing(
        _ leavers: [UInt64],
        in group: [UInt64],
        _ records: [OperatorRecord],
        busy: Set<OperatorID> = []
    ) throws -> [OperatorID]? {
        OperatorSelection.replacing(
            Set(ids(leavers)),
            in: try #require(OperatorGroup(ids(group))),
            among: records,
            validators: [OperatorID(70): 1],
            busy: busy
        )?.ids
    }

    @Test func `puts the first eligible in the place of those who leave`() throws {
        #expect(try replacing([20], in: [10, 20, 30, 40], seven) == ids([10, 30, 40, 60]))
        #expect(try replacing([20, 30], in: [10, 20, 30, 40], seven) == ids([10, 40, 50, 60]))
        #expect(
            try replacing([20, 30, 40], in: [10, 20, 30, 40], seven, busy: [OperatorID(60)]) == nil
        )
        #expect(try replacing([10], in: [10, 20, 30, 40], Array(seven.suffix(4))) == nil)
    }

    @Test func `does not bring back who leaves, and lets stay who could not be chosen`() throws {
        let stuck = seven.map {
            record($0.id.rawValue, registration: $0.registration, isActive: $0.id > OperatorID(40))
        }
        #expect(try replacing([10], in: [10, 20, 30, 40], stuck) == ids([20, 30, 40, 60]))
        #expect(
            try replacing([10], in: [10, 20, 30, 40], seven, busy: Set(ids([20, 30])))
                == ids([20, 30, 40, 60])
        )
        #expect(try replacing([60], in: [50, 60, 70, 80], Array(seven.prefix(3))) == nil)
        #expect(try replacing([99], in: [10, 20, 30, 40], seven) == ids([10, 20, 30, 40]))
    }
}

@Suite struct OperatorGroupTests {
    private func group(_ numbers: [UInt64]) -> OperatorGroup? {
        OperatorGroup(numbers.map { OperatorID($0) })
    }

    @Test func `has four to thirteen operators in rising order, none of them 0`() {
        #expect(group([1, 2, 3, 4]) != nil)
        #expect(group(Array(1...13)) != nil)
        for wrong in [[], [1, 2, 3], Array(1...14), [0, 1, 2, 3], [1, 2, 2, 3], [2, 1, 3, 4]] as [[UInt64]] {
            #expect(group(wrong) == nil, "\(wrong)")
        }
    }

    @Test func `signs with all but the greatest number of traitors it can bear`() {
        let thresholds = (4...13).map { group(Array(1...UInt64($0)))?.threshold }
        #expect(thresholds == [3, 4, 5, 5, 6, 7, 7, 8, 9, 9])
    }
}
