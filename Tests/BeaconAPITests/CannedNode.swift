import BLS12381
import BeaconAPI
import Ethereum
import KeyOperations
import Primitives
import Synchronization
import Testing

/// Beacon nodes that answer with what a test has put there.
final class CannedNodes: BeaconTransport {
    typealias Answer = @Sendable (BeaconRequest) throws(RPCFault) -> BeaconReply

    /// What was asked, node and path.
    let asked = Mutex<[String]>([])
    private let answers: Mutex<[String: Answer]>

    init(_ answers: [String: Answer]) {
        self.answers = Mutex(answers)
    }

    func set(_ name: String, _ answer: @escaping Answer) {
        answers.withLock { $0[name] = answer }
    }

    func exchange(
        _ request: BeaconRequest,
        with endpoint: RPCEndpoint,
        within time: Duration
    ) async throws(RPCFault) -> BeaconReply {
        asked.withLock { $0.append(endpoint.name + " " + request.path) }
        guard let answer = answers.withLock({ $0[endpoint.name] }) else { throw .unreachable("off") }
        return try answer(request)
    }
}

/// Bodies as beacon nodes send them, by the beacon API's own examples and mainnet's constants.
enum Canned {
    static let key =
        "0x93247f2209abcacf57b75a51dafae777f9dd38bc7053d1af526f220a7489a6d3a2753e5f3e8b1cfe39b56f43611df74a"
    static let credentials = "0x010000000000000000000000d1f4da5bc9ad85f0bb69b2a36b1e3bd2b0ab3f5c"

    static func publicKey() throws -> PublicKey {
        try #require(G1Bytes(hex: key).flatMap { PublicKey($0) })
    }

    static let genesis = """
        {"data":{"genesis_time":"1606824023","genesis_validators_root":\
        "0x4b363db94e286120d76eb905340fdd4e54bfe9f06bf33ff6cf5ad27f511bfe95","genesis_fork_version":"0x00000000"}}
        """

    /// Cut to a few of the hundred and more entries, one of which is no text.
    static let rules = """
        {"data":{"CONFIG_NAME":"mainnet","PRESET_BASE":"mainnet","GENESIS_FORK_VERSION":"0x00000000",\
        "CAPELLA_FORK_VERSION":"0x03000000","CAPELLA_FORK_EPOCH":"194048","SLOTS_PER_EPOCH":"32",\
        "SHARD_COMMITTEE_PERIOD":"256","DEPOSIT_CHAIN_ID":"1","DEPOSIT_NETWORK_ID":"1",\
        "DEPOSIT_CONTRACT_ADDRESS":"0x00000000219ab540356cBB839Cbe05303d7705Fa",\
        "BLOB_SCHEDULE":[{"EPOCH":"412672","MAX_BLOBS_PER_BLOCK":"15"}]}}
        """

    static func sync(head: UInt64, syncing: Bool = false, optimistic: Bool = false, offline: Bool = false)
        -> String
    {
        """
        {"data":{"head_slot":"\(head)","sync_distance":"0","is_syncing":\(syncing),\
        "is_optimistic":\(optimistic),"el_offline":\(offline)}}
        """
    }

    static func validators(
        key: String = key,
        balance: String = "32008431234",
        status: String = "active_ongoing",
        exit: String = "18446744073709551615"
    ) -> String {
        """
        {"execution_optimistic":false,"finalized":false,"data":[{"index":"1234567","balance":"\(balance)",\
        "status":"\(status)","validator":{"pubkey":"\(key)","withdrawal_credentials":"\(credentials)",\
        "effective_balance":"32000000000","slashed":false,"activation_eligibility_epoch":"287210",\
        "activation_epoch":"287600","exit_epoch":"\(exit)","withdrawable_epoch":"18446744073709551615"}}]}
        """
    }

    static let noValidators = #"{"execution_optimistic":false,"finalized":false,"data":[]}"#

    static func deposits(_ keys: [String]) -> String {
        let signature = "0x" + String(repeating: "b1", count: 96)
        let entries = keys.map {
            """
            {"pubkey":"\($0)","withdrawal_credentials":"\(credentials)","amount":"32000000000",\
            "signature":"\(signature)","slot":"12345678"}
            """
        }
        return """
            {"version":"electra","execution_optimistic":false,"finalized":false,"data":[\(entries.joined(separator: ","))]}
            """
    }

    static func reply(_ text: String, status: Int = 200) -> BeaconReply {
        BeaconReply(status: status, body: Array(text.utf8))
    }

    /// A node in step that answers everything; what is given takes the place of its own answers.
    static func node(
        head: UInt64 = 10_000_000,
        sync: String? = nil,
        genesis: String = genesis,
        rules: String = rules,
        validators: String = validators(),
        submission: BeaconReply = BeaconReply(status: 200, body: [])
    ) -> CannedNodes.Answer {
        { (request) throws(RPCFault) in
            switch request.path {
            case "/eth/v1/beacon/genesis": reply(genesis)
            case "/eth/v1/config/spec": reply(rules)
            case "/eth/v1/node/syncing": reply(sync ?? Canned.sync(head: head))
            case "/eth/v1/beacon/states/head/validators?id=" + key: reply(validators)
            case "/eth/v1/beacon/states/head/pending_deposits": reply(deposits([key]))
            case "/eth/v1/beacon/pool/voluntary_exits": submission
            default: reply(#"{"code":404,"message":"Not Found"}"#, status: 404)
            }
        }
    }

    static func client(_ nodes: CannedNodes, _ names: [String], clock: MutableClock = MutableClock())
        -> BeaconClient
    {
        BeaconClient(
            BeaconEndpoints.Configuration(
                endpointCount: names.count,
                identity: BeaconIdentity(network: .mainnet, chainId: 1)
            ),
            endpoints: names.map { RPCEndpoint(name: $0, url: "http://\($0)") },
            transport: nodes,
            seed: 1,
            clock: { clock.time.withLock { $0 } }
        )
    }

    static let exit = SignedVoluntaryExit(
        message: VoluntaryExit(epoch: 256, validatorIndex: 1_234_567),
        signature: G2Bytes()
    )
}

/// Time that passes when a test says so.
final class MutableClock: Sendable {
    let time = Mutex(Instant.start)

    func pass(_ duration: Duration) {
        time.withLock { $0 = $0.advanced(by: duration) }
    }
}
