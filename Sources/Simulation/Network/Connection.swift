import Gossip
import Primitives

/// One connection between two members: ordered and reliable in each direction for as long as it is up.
final class Connection {
    /// What travels on it.
    enum Parcel {
        case messages([LinkMessage])
        /// The sender's end is closed.
        case end
    }

    /// One end of it.
    struct End {
        let node: Int
        /// The life of the node's process to which the end belongs.
        let life: Int
        /// Whether the process uses it.
        var isUp = false
        /// Whether the process has closed it, or has heard that the other has.
        var isOver = false
        /// When the last message arrived here.
        var heard: WorldTime
        /// When the last parcel sent from here arrives: what is sent later arrives later.
        var lastArrival: WorldTime
        /// What was sent from here and waits for the path to open.
        var held: [Parcel] = []
        var heldUrgent = 0
    }

    let id: LinkID
    /// The end that dialed, and the other.
    var ends: (End, End)

    init(id: LinkID, from dialer: (node: Int, life: Int), to other: (node: Int, life: Int), at now: WorldTime)
    {
        self.id = id
        ends = (
            End(node: dialer.node, life: dialer.life, heard: now, lastArrival: now),
            End(node: other.node, life: other.life, heard: now, lastArrival: now)
        )
    }

    subscript(side: LinkSide) -> End {
        get { side == .own ? ends.0 : ends.1 }
        set { if side == .own { ends.0 = newValue } else { ends.1 = newValue } }
    }

    /// Which end a node has; `own` is the dialer's.
    func side(of node: Int) -> LinkSide { ends.0.node == node ? .own : .peer }

    /// Keeps a parcel while the path is cut, as the link's outbound queue would; answers `false` when there is no
    /// room for what cannot be dropped.
    func hold(_ parcel: Parcel, at side: LinkSide) -> Bool {
        guard case .messages(let messages) = parcel else {
            self[side].held.append(parcel)
            return true
        }
        let limits = OutboundQueue.Configuration()
        let isTick = messages.allSatisfy { $0.type.stream == .registers }
        if !isTick { self[side].heldUrgent += messages.count }
        guard self[side].heldUrgent <= limits.urgent.messages else { return false }
        if isTick { dropOldTicks(at: side, keeping: limits.registers.messages - 1) }
        self[side].held.append(parcel)
        return true
    }

    private func dropOldTicks(at side: LinkSide, keeping limit: Int) {
        var ticks = 0
        for index in self[side].held.indices.reversed() {
            guard case .messages(let held) = self[side].held[index],
                held.allSatisfy({ $0.type.stream == .registers })
            else { continue }
            ticks += 1
            if ticks > limit { self[side].held.remove(at: index) }
        }
    }
}

extension LinkSide {
    /// The other end.
    var opposite: LinkSide { self == .own ? .peer : .own }
}
