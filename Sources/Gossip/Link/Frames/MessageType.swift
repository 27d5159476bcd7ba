/// What a message between two members is.
///
/// This table is the whole list: each type belongs to one stream and has a limit of its own, and both are
/// checked by the receiver before it allocates anything.
package enum MessageType: UInt8, CaseIterable, Sendable {
    /// ``Hello``, the first message in each direction.
    case hello = 0x01
    /// ``Close``, the last message in a direction.
    case close = 0x02
    /// ``Ping``: answered at once by a ``pong`` with its nonce.
    case ping = 0x03
    /// ``Pong``: the answer to a ``ping``.
    case pong = 0x04
    /// ``RelayWanted``: whose registers the sender wants relayed to it.
    case relayWanted = 0x05
    /// ``OperationHello``, the first message in each direction between an oracle and an operator.
    case operationHello = 0x06
    /// Signed objects that are forwarded on receipt.
    case objects = 0x10
    /// A view certificate: a quorum of signed wishes.
    case viewCertificate = 0x11
    /// An election certificate.
    case electionCertificate = 0x12
    /// Asks for the certificates of a view.
    case certificateRequest = 0x13
    /// One signed object meant for the receiver alone: ready, signing request or signature share.
    case direct = 0x14
    /// A tick's news of registers.
    case registers = 0x20
    /// The heads of the sender's copies of all logs.
    case frontiers = 0x30
    /// Asks for a range of one log.
    case pull = 0x31
    /// A range of one log.
    case range = 0x32
    /// The heads of the logs that have grown, for neighbours that may not have the entries yet.
    case announcement = 0x33
    /// Where a log begins of which the sender has no more the entries that were asked for.
    case logStart = 0x34
    /// ``OperationOffer``: the items of operations that the sender has.
    case operationOffer = 0x40
    /// ``OperationWant``: the items of operations that the sender lacks.
    case operationWant = 0x41
    /// ``OperationItems``: items of operations that were wanted.
    case operationItems = 0x42

    /// The one stream on which messages of the type travel.
    package var stream: LinkStream {
        switch self {
        case .hello, .close, .ping, .pong, .relayWanted, .operationHello: .control
        case .objects, .viewCertificate, .electionCertificate, .certificateRequest, .direct, .operationOffer,
            .operationWant:
            .urgent
        case .registers: .registers
        case .frontiers, .pull, .range, .announcement, .logStart, .operationItems: .bulk
        }
    }

    /// The most bytes that a body of the type may have.
    package var bodyLimit: Int {
        switch self {
        case .hello: 1_024
        case .close: 256
        case .ping, .pong: 8
        case .relayWanted: 32
        case .operationHello: 256
        case .objects, .viewCertificate, .registers: 65_536
        case .electionCertificate: 256
        case .certificateRequest, .pull: 64
        case .direct: 32_768
        case .frontiers, .announcement: 8_192
        case .range: 131_072
        case .logStart: 49_152
        case .operationOffer: 9_216
        case .operationWant: 2_048
        case .operationItems: 66_048
        }
    }
}

/// A message between two members: a type and the SSZ encoding of what it says.
package struct LinkMessage: Hashable, Sendable {
    /// What the body is.
    package let type: MessageType
    /// The encoding, at most ``MessageType/bodyLimit`` bytes.
    package let body: [UInt8]

    /// Joins type and body.
    ///
    /// - Precondition: The body keeps to ``MessageType/bodyLimit``. Whoever batches must cut there.
    package init(_ type: MessageType, body: [UInt8]) {
        precondition(body.count <= type.bodyLimit, "a \(type) of \(body.count) bytes breaks the type's limit")
        self.type = type
        self.body = body
    }
}
