/// What a process is on the network.
package enum NodeRole: Hashable, Sendable {
    /// A member of the committee, or one who waits to be.
    case oracle
    /// One who holds shares of validators' keys, with its number on the chain, which is not 0.
    case `operator`(UInt64)

    /// The words of the setting.
    enum Name: String, CaseIterable {
        case oracle
        case `operator`
    }
}

extension ConfigurationReader {
    /// The role, and the number that one of them takes.
    mutating func role() -> NodeRole? {
        switch standard(.role, .choice(NodeRole.Name.self)) {
        case .operator:
            return required(
                .operatorId,
                .number(1...UInt64.max),
                remedy: "give the number under which the governor has registered this operator"
            ).map { .operator($0) }
        case .oracle:
            // Whoever gives a number means an operator, and must not run an oracle unawares.
            refuse(.operatorId, allowed: "left out where role is oracle")
            return .oracle
        case nil: return nil
        }
    }
}
