package import Primitives

/// Something bad that happens to the world.
package enum Fault: Hashable, Sendable {
    /// The member's process dies after so many more of its actions; its host lives.
    case kill(MemberIndex, afterActions: Int)
    /// The member's host falls silent after so many more of its actions.
    case powerLoss(MemberIndex, afterActions: Int)
    /// The member's process starts again, if it is dead.
    case restart(MemberIndex)
    /// All members' processes die at once.
    case killAll
    /// All that are dead start again.
    case restartAll
    /// The member stands still for so many milliseconds.
    case pause(MemberIndex, milliseconds: Int)
    /// The member's clock leaps forward.
    case leap(MemberIndex, milliseconds: Int)
    /// The member's clock runs fast or slow by so many billionths.
    case drift(MemberIndex, billionths: Int)
    /// Messages from one member to another stay away.
    case cut(MemberIndex, MemberIndex)
    /// Members of different groups, by the group of each, do not hear each other.
    case partition([Int])
    /// All paths are open again.
    case heal
    /// The connection of two members is reset.
    case reset(MemberIndex, MemberIndex)
    /// Of a thousand messages, so many need to be sent again.
    case loss(permille: Int)
    /// Messages take at least and at most so many microseconds.
    case delay(Int, Int)
    /// The member's disk takes so many microseconds for a sync.
    case slowDisk(MemberIndex, microseconds: Int)
    /// The member's next sync fails; the disk is mended with the next restart.
    case failingDisk(MemberIndex)
    /// The newest blocks are replaced; of a thousand of their transactions so many come back.
    case reorganise(depth: Int, keeping: Int)
    /// No transaction gets into a block for so many seconds.
    case stuck(seconds: Int)
    /// The member's endpoint is so many blocks behind.
    case chainLag(MemberIndex, blocks: Int)
    /// The member's endpoints do not answer, or do again.
    case chainBlind(MemberIndex, Bool)
    /// The member's endpoint tells of an election that never was, and of a view that the contract has not.
    case chainLie(MemberIndex, View)
    /// The member's endpoint tells, down to finality, of an election that never was.
    case chainForge(MemberIndex, View)
    /// So many blocks are full, so that fees climb.
    case crowd(blocks: Int)
    /// Of a thousand transactions that wait, so many are forgotten.
    case poolLoss(permille: Int)
    /// One of the endpoints of the member's chain client behaves otherwise from now on.
    case endpoint(MemberIndex, Int, EndpointMood)
    /// Somebody else spends from the member's account.
    case stranger(MemberIndex)
    /// The member's operator wants it not to lead, or no more.
    case drain(MemberIndex, Bool)
}

/// A fault and when it happens.
package struct PlannedFault: Hashable, Sendable {
    /// When.
    package var at: WorldTime
    /// What.
    package var fault: Fault

    /// Joins the two.
    package init(at: WorldTime, _ fault: Fault) {
        self.at = at
        self.fault = fault
    }
}
