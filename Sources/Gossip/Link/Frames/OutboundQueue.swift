/// What waits to be sent on one link: four bounded lanes, each with its own answer to a slow peer.
///
/// | stream | when its lane is full |
/// |---|---|
/// | control, urgent | ``Outcome/overflowed``: the peer is too slow for the protocol, disconnect it |
/// | registers | the oldest message not yet begun is dropped: a newer one says more |
/// | bulk | ``Outcome/refused``: try again when ``fill(_:)`` has made room |
///
/// Control and urgent are served first and drained whole. Of the two patient streams together a record carries
/// at most one fragment's worth, so that an urgent message never waits behind more than 16 KiB of them. A peer
/// that keeps its urgent lane full starves the patient ones; quotas on urgent objects are what prevents that.
package struct OutboundQueue: Sendable {
    /// The room of one lane.
    package struct Limits: Hashable, Sendable {
        /// The most messages, the one being sent included.
        package var messages: Int
        /// The most bytes, bodies and message headers together.
        package var bytes: Int

        /// The room for so many messages and bytes.
        package init(messages: Int, bytes: Int) {
            self.messages = messages
            self.bytes = bytes
        }
    }

    /// The room of all lanes.
    package struct Configuration: Hashable, Sendable {
        /// Room for hello, close and pings.
        package var control = Limits(messages: 32, bytes: 16_384)
        /// Room for certificates and objects forwarded on receipt.
        package var urgent = Limits(messages: 512, bytes: 1_048_576)
        /// Room for ticks; two full ones.
        package var registers = Limits(messages: 4, bytes: 2 * 65_541)
        /// Room for the repair of logs: answers to all pulls that the peer may have under way, however long, and some.
        package var bulk = Limits(messages: 16, bytes: (Pull.openLimit + 1) * 131_077)

        /// The sizes used between members: at most 2 MiB a link.
        package init() {}

        /// The sizes used for those that are no members: there may be many, and little is said.
        package static var guest: Configuration {
            var configuration = Configuration()
            configuration.urgent = Limits(messages: 256, bytes: 2 * 65_541)
            configuration.bulk = Limits(messages: 16, bytes: 2 * 131_077)
            return configuration
        }
    }

    /// What became of a message.
    package enum Outcome: Hashable, Sendable {
        /// It will be sent.
        case queued
        /// It will be sent, and so many older registers messages will not.
        case displaced(Int)
        /// It was not taken; the link is well, only busy.
        case refused
        /// It was not taken, and the link cannot keep its promises any more: close it.
        case overflowed
    }

    private var control: Lane
    private var urgent: Lane
    private var registers: Lane
    private var bulk: Lane

    /// An empty queue.
    ///
    /// - Precondition: Each lane has room for two messages of its stream's longest type.
    package init(_ configuration: Configuration = Configuration()) {
        control = Lane(.control, configuration.control)
        urgent = Lane(.urgent, configuration.urgent)
        registers = Lane(.registers, configuration.registers)
        bulk = Lane(.bulk, configuration.bulk)
    }

    /// Whether there is nothing to send.
    package var isEmpty: Bool {
        control.isEmpty && urgent.isEmpty && registers.isEmpty && bulk.isEmpty
    }

    /// The bytes that wait.
    package var waitingBytes: Int { control.bytes + urgent.bytes + registers.bytes + bulk.bytes }

    /// Takes a message for sending, by the rule of its stream.
    package mutating func enqueue(_ message: LinkMessage) -> Outcome {
        switch message.type.stream {
        case .control:
            return control.append(message) ? .queued : .overflowed
        case .urgent:
            return urgent.append(message) ? .queued : .overflowed
        case .registers:
            let dropped = registers.makeRoom(for: message)
            guard registers.append(message) else { return .overflowed }
            return dropped == 0 ? .queued : .displaced(dropped)
        case .bulk:
            return bulk.append(message) ? .queued : .refused
        }
    }

    /// Appends the frames of one record: as many as fit into `limit` bytes, most urgent first.
    package mutating func fill(_ output: inout OutputRawSpan, limit: Int = .max) {
        var room = min(output.freeCapacity, limit)
        room -= control.drain(into: &output, limit: room)
        guard control.isEmpty else { return }
        room -= urgent.drain(into: &output, limit: room)
        guard urgent.isEmpty else { return }
        room = min(room, FrameFormat.headerSize + FrameFormat.fragmentLimit)
        room -= registers.drain(into: &output, limit: room)
        guard registers.isEmpty else { return }
        _ = bulk.drain(into: &output, limit: room)
    }
}

/// One stream's messages: the one under way and those that wait.
private struct Lane: Sendable {
    private let limits: OutboundQueue.Limits
    private var begun: FrameEncoder?
    private var waiting = FIFO<LinkMessage>()
    private(set) var bytes = 0

    init(_ stream: LinkStream, _ limits: OutboundQueue.Limits) {
        let longest = MessageType.allCases.lazy.filter { $0.stream == stream }.map(\.bodyLimit).max() ?? 0
        precondition(
            limits.messages >= 2 && limits.bytes >= 2 * (longest + FrameFormat.messageHeaderSize),
            "the \(stream) lane has no room for two messages of its longest type"
        )
        self.limits = limits
    }

    var isEmpty: Bool { begun == nil && waiting.isEmpty }

    private var count: Int { waiting.count + (begun == nil ? 0 : 1) }

    private static func cost(_ message: LinkMessage) -> Int {
        message.body.count + FrameFormat.messageHeaderSize
    }

    private func hasRoom(for message: LinkMessage) -> Bool {
        count < limits.messages && bytes + Self.cost(message) <= limits.bytes
    }

    mutating func append(_ message: LinkMessage) -> Bool {
        guard hasRoom(for: message) else { return false }
        waiting.append(message)
        bytes += Self.cost(message)
        return true
    }

    /// Drops the oldest messages of which nothing was sent until one more fits.
    mutating func makeRoom(for message: LinkMessage) -> Int {
        var dropped = 0
        while !hasRoom(for: message), let oldest = waiting.popFirst() {
            bytes -= Self.cost(oldest)
            dropped += 1
        }
        return dropped
    }

    /// Appends frames within `limit` bytes and answers how many bytes they took.
    mutating func drain(into output: inout OutputRawSpan, limit: Int) -> Int {
        let start = output.byteCount
        while true {
            if begun == nil { begun = waiting.popFirst().map { FrameEncoder($0) } }
            let spare = limit - (output.byteCount - start)
            guard begun?.appendFrame(to: &output, limit: spare) ?? false else {
                return output.byteCount - start
            }
            if let message = begun?.message, begun?.isDone ?? false {
                bytes -= Self.cost(message)
                begun = nil
            }
        }
    }
}
