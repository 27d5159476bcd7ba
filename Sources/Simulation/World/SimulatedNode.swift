import Gossip
import Peer
import Primitives

/// One member: its host, its disk, its process if one runs, and the process's connections.
final class SimulatedNode {
    let member: MemberIndex
    let keys: MemberKeys
    /// Whether the member keeps to the protocol.
    let isHonest: Bool
    var disk: SimulatedDisk
    var diskLatency = Span.microseconds(200)

    // MARK: The process

    /// The running process, if there is one.
    var player: (any Player)?
    /// Rises whenever a process ends, so that what was meant for it is lost.
    var life = 0
    /// Whether the host answers at all.
    var isPowered = true
    var clock = LocalClock(startedAt: .start, drift: 0)
    var drift: Int64 = 0
    /// When the process is to be woken, as scheduled; of several only this one counts.
    var wake: WorldTime?
    /// Until when the process stands still.
    var pausedUntil = WorldTime.start
    /// After how many more actions the process dies, and whether the host goes with it.
    var doom: (actions: Int, takesPower: Bool)?
    /// Whether the process has entered the epoch.
    var isInEpoch = false
    /// Whether the process has told that it stopped for good.
    var isHalted = false
    var eye = ChainEye()
    /// Its chain client, in a world that plays one.
    var client: ChainClient?
    /// The client's endpoints, which live apart from its processes.
    var endpoints: [LedgerEndpoint] = []

    // MARK: Links

    var registry: LinkRegistry
    /// The connection in use for each member, by offset.
    var links: [Connection?]
    /// All connections the process has open.
    var connections: [LinkID: Connection] = [:]
    var redials: [RedialMachine?]
    /// Whom the process wants to be linked with.
    var isDialed: [Bool]
    /// Names the newest dial to each member.
    var dials: [Int]
    var redialWake: WorldTime?

    init(_ member: MemberIndex, keys: MemberKeys, size: Int, isHonest: Bool) {
        self.member = member
        self.keys = keys
        self.isHonest = isHonest
        disk = SimulatedDisk(size: size)
        registry = LinkRegistry(own: keys.identity)
        links = Array(repeating: nil, count: size)
        redials = Array(repeating: nil, count: size)
        isDialed = Array(repeating: false, count: size)
        dials = Array(repeating: 0, count: size)
    }

    var offset: Int { member.offset }
    var isUp: Bool { player != nil }

    /// Forgets everything that only the process knew.
    func forget() {
        player = nil
        life += 1
        wake = nil
        doom = nil
        isInEpoch = false
        isHalted = false
        client = nil
        eye = ChainEye(lag: eye.lag, isBlind: eye.isBlind)
        registry = LinkRegistry(own: keys.identity)
        connections = [:]
        redialWake = nil
        for peer in links.indices {
            links[peer] = nil
            redials[peer] = nil
            isDialed[peer] = false
            dials[peer] += 1
        }
    }
}

extension ChainEye {
    init(lag: Int, isBlind: Bool) {
        self.init()
        self.lag = lag
        self.isBlind = isBlind
    }
}
