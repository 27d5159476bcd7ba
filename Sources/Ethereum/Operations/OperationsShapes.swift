internal import BLS12381
internal import KeyOperations
internal import Primitives

/// The contract's structs: their types, and how values are put into them and taken out.
enum OperationsShapes {
    private static let ids = ABIType.list(.uint(64))
    static let operatorType = ABIType.tuple([.address, .word, .word, .string, .bool, .bool, .uint(64)])
    /// As ``operatorType``, but with any bytes for the endpoint: the contract does not look whether they are UTF-8, and an
    /// operator's slip must not make the log unreadable.
    static let lenientOperatorType = ABIType.tuple([
        .address, .word, .word, .bytes, .bool, .bool, .uint(64),
    ])
    static let keygenType = ABIType.tuple([
        ids, .uint(8), .uint(16), .address, .bool, .uint(64), .address, .uint(64),
    ])
    static let reshareType = ABIType.tuple([.bytes, ids, ids])
    static let exitType = ABIType.tuple([.bytes, ids, .uint(8), .uint(64)])

    static func record(id: OperatorID, _ value: ABIValue) throws(ABIError) -> OperatorRecord {
        let parts = try value.asElements("operator", count: 7)
        guard let endpoint = ByteList<64>(try parts[3].asBytes("endpoint")) else {
            throw .unexpected("operator \(id) has an endpoint of more than 64 bytes")
        }
        let registration = try parts[6].asUInt64("registration")
        guard id != OperatorID(0), registration != 0 else {
            throw .unexpected("an operator without a number")
        }
        return OperatorRecord(
            id: id,
            account: try parts[0].asAddress("account"),
            identity: Identity(try parts[1].asWord("identity").storage),
            sharesKeyHash: try parts[2].asWord("sharesKeyHash"),
            endpoint: endpoint,
            isActive: try parts[4].asBool("isActive"),
            isCollateralised: try parts[5].asBool("isCollateralised"),
            registration: registration
        )
    }

    static func keygen(_ number: UInt64, _ value: ABIValue) throws(ABIError) -> KeygenRequest {
        let parts = try value.asElements("request", count: 8)
        let size = Int(clamping: try parts[1].asUInt64("size"))
        let count = Int(clamping: try parts[2].asUInt64("count"))
        guard OperatorGroup.sizes.contains(size), KeygenRequest.counts.contains(count) else {
            throw .unexpected("\(count) validators of \(size) operators")
        }
        let named = try parts[0].asElements("operatorIds")
        let operators = named.isEmpty ? nil : try parts[0].asGroup("operatorIds")
        guard operators.map({ $0.count == size }) ?? true else {
            throw .unexpected("\(named.count) operators where \(size) are asked for")
        }
        return KeygenRequest(
            number: number,
            operators: operators,
            size: size,
            count: count,
            credentials: WithdrawalCredentials(
                try parts[3].asAddress("withdrawal"),
                kind: try parts[4].asBool("compounding") ? .compounding : .regular
            ),
            amount: Gwei(rawValue: try parts[5].asUInt64("amount")),
            owner: try parts[6].asAddress("owner"),
            ownerNonce: try parts[7].asUInt64("ownerNonce")
        )
    }

    static func reshare(_ number: UInt64, _ value: ABIValue) throws(ABIError) -> ReshareRequest {
        let parts = try value.asElements("request", count: 3)
        return ReshareRequest(
            number: number,
            publicKey: try parts[0].asPublicKey("publicKey"),
            oldOperators: try parts[1].asGroup("oldOperatorIds"),
            newOperators: try parts[2].asGroup("operatorIds")
        )
    }

    static func exit(_ number: UInt64, _ value: ABIValue) throws(ABIError) -> ExitRequest {
        let parts = try value.asElements("request", count: 4)
        let way = try parts[2].asUInt64("way")
        guard let known = UInt8(exactly: way).flatMap(ExitRequest.Way.init(rawValue:)) else {
            throw .unexpected("an exit in way \(way)")
        }
        return ExitRequest(
            number: number,
            publicKey: try parts[0].asPublicKey("publicKey"),
            operators: try parts[1].asGroup("operatorIds"),
            way: known,
            feeCap: try parts[3].asUInt64("feeCap")
        )
    }

    static func value(_ request: OperationRequest) -> ABIValue {
        switch request {
        case .keygen(let request):
            .tuple([
                ids(request.operators.numbers), .number(UInt64(request.size)), .number(UInt64(request.count)),
                .address(request.credentials.address), .bool(request.credentials.kind == .compounding),
                .number(request.amount.rawValue), .address(request.owner), .number(request.ownerNonce),
            ])
        case .reshare(let request):
            .tuple([
                .bytes(request.publicKey.array), ids(request.oldOperators.numbers),
                ids(request.newOperators.numbers),
            ])
        case .exit(let request):
            .tuple([
                .bytes(request.publicKey.array), ids(request.operators.numbers),
                .number(UInt64(request.way.rawValue)), .number(request.feeCap),
            ])
        }
    }

    static func ids(_ numbers: [UInt64]) -> ABIValue {
        .list(numbers.map { .number($0) })
    }
}

extension ABIValue {
    /// The 48 bytes of a validator's key, not checked to be a point.
    func asPublicKey(_ what: String) throws(ABIError) -> G1Bytes {
        let bytes = try asBytes(what)
        guard let key = G1Bytes(bytes) else { throw .unexpected("\(what) of \(bytes.count) bytes") }
        return key
    }

    /// The 96 bytes of a validator's signature, not checked to be a point.
    func asValidatorSignature(_ what: String) throws(ABIError) -> G2Bytes {
        let bytes = try asBytes(what)
        guard let signature = G2Bytes(bytes) else { throw .unexpected("\(what) of \(bytes.count) bytes") }
        return signature
    }

    /// Numbers of operators, rising, as many as a group may have at most.
    func asOperators(_ what: String) throws(ABIError) -> [OperatorID] {
        let elements = try asElements(what)
        guard elements.count <= OperatorGroup.sizes.upperBound else {
            throw .unexpected("\(what) of \(elements.count) operators")
        }
        var ids: [OperatorID] = []
        for element in elements {
            let id = OperatorID(try element.asUInt64(what))
            guard id > ids.last ?? OperatorID(0) else { throw .unexpected("\(what) out of order") }
            ids.append(id)
        }
        return ids
    }

    /// The operators of one key.
    func asGroup(_ what: String) throws(ABIError) -> OperatorGroup {
        guard let group = OperatorGroup(try asOperators(what)) else {
            throw .unexpected("\(what) is no group of operators")
        }
        return group
    }
}
