internal import Cryptography
internal import Glibc
internal import Gossip
internal import NIOCore
internal import Primitives

/// One connection's bytes: handshake first, sealed records after.
///
/// It lives on its channel's event loop and decides nothing that the machines of `Gossip/Link` decide: it moves
/// bytes between them and the socket, keeps their deadline, and tells the reader what happened. Whatever is
/// written within one turn of the loop leaves in as few records and system calls as it fits.
final class LinkChannelHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = LinkEvent
    typealias OutboundIn = [LinkMessage]
    typealias OutboundOut = ByteBuffer

    /// How long a link may bring nothing.
    ///
    /// Members send heartbeats many times a second.
    static let silenceLimit = TimeAmount.seconds(30)
    /// How long a probed link has to show a sign of life.
    static let probePatience = TimeAmount.seconds(3)

    /// Records are gathered to at least so many bytes for one write, if as much waits.
    ///
    /// Four records of a long message get there; the longest record on top still ends within 128 KiB.
    private static let writeSize = 65_024

    private var handshake: HandshakeMachine?
    private var session: LinkSession?
    private var queue = OutboundQueue()
    /// How much may wait for a peer, once it is known.
    private let room: @Sendable (Identity) -> OutboundQueue.Configuration
    private var inbound = ByteBuffer()
    /// What was sealed last: its memory serves again once the socket has taken it.
    private var outbound = ByteBuffer()
    private var random = SystemRandom()
    private let clock: NodeClock
    private let metrics: LinkMetrics
    private var lastArrival = NIODeadline.now()
    private var deadline: Scheduled<Void>?
    private var hasEnded = false
    private var isEstablished = false

    init(
        _ handshake: consuming HandshakeMachine,
        clock: NodeClock,
        metrics: LinkMetrics,
        room: @escaping @Sendable (Identity) -> OutboundQueue.Configuration = { _ in .init() }
    ) {
        self.handshake = consume handshake
        self.room = room
        self.clock = clock
        self.metrics = metrics
    }

    // MARK: The channel's life

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard deadline == nil, let due = handshake?.nextDeadline else { return }
        let patience = TimeAmount(clock.now.duration(to: due))
        schedule(after: patience, in: context) { handler, context in
            let actions = handler.handshake?.expired(at: handler.clock.now) ?? []
            handler.perform(actions, in: context)
        }
        perform(handshake?.start(random: &random) ?? [], in: context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if handshake != nil {
            perform(handshake?.closedByPeer() ?? [], in: context)
        }
        end(.closedByPeer, in: context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let socketError = error as? IOError,
            socketError.errnoCode == ECONNRESET || socketError.errnoCode == EPIPE
        {
            end(.closedByPeer, in: context)
        } else {
            end(.failed(String(describing: error)), in: context)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = nil
    }

    // MARK: What arrives

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !hasEnded else { return }
        let arrived = unwrapInboundIn(data)
        lastArrival = .now()
        inbound.writeWithOutputRawSpan(minimumWritableBytes: arrived.readableBytes) { output in
            output.append(copying: arrived.readableBytesSpan)
        }
        if handshake != nil { readHandshake(context) }
        if session != nil { readRecords(context) }
    }

    private func readHandshake(_ context: ChannelHandlerContext) {
        guard var machine = handshake.take() else { return }
        let progress = machine.receive(inbound.readableBytesSpan, random: &random)
        handshake = consume machine
        inbound.moveReaderIndex(forwardBy: progress.consumed)
        perform(progress.actions, in: context)
    }

    private func readRecords(_ context: ChannelHandlerContext) {
        guard var link = session.take() else { return }
        var messages: [LinkMessage] = []
        var offence: LinkOffence?
        do throws(LinkOffence) {
            var bytes = inbound.mutableReadableBytesSpan
            let consumed = try link.receive(&bytes, into: &messages)
            inbound.moveReaderIndex(forwardBy: consumed)
        } catch {
            offence = error
        }
        session = consume link
        inbound.discardReadBytes()
        deliver(messages, in: context)
        if let offence { end(.offence(offence), in: context) }
    }

    private func deliver(_ messages: [LinkMessage], in context: ChannelHandlerContext) {
        var rest = messages[...]
        if let farewell = rest.firstIndex(where: { $0.type == .close }) {
            let close = try? Close(ssz: rest[farewell].body)
            rest = rest[..<farewell]
            if !rest.isEmpty { context.fireChannelRead(wrapInboundOut(.received(Array(rest)))) }
            end(close.map { .farewell($0) } ?? .closedByPeer, in: context)
        } else if !rest.isEmpty {
            context.fireChannelRead(wrapInboundOut(.received(messages)))
        }
    }

    // MARK: The handshake

    private func perform(_ actions: [HandshakeMachine.Action], in context: ChannelHandlerContext) {
        for action in actions {
            switch action {
            case .send(let bytes):
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
            case .establish(let peer):
                establish(peer, in: context)
            case .fail(let failure):
                end(.handshake(failure), in: context)
            }
        }
    }

    private func establish(_ peer: Identity, in context: ChannelHandlerContext) {
        deadline?.cancel()
        guard let link = handshake?.takeSession() else { return }
        handshake = nil
        let established = EstablishedLink(
            peer: peer,
            initiator: link.initiator,
            address: context.remoteAddress.map(String.init(describing:)) ?? "unknown"
        )
        session = consume link
        queue = OutboundQueue(room(peer))
        isEstablished = true
        watchForSilence(context)
        context.fireChannelRead(wrapInboundOut(.established(established)))
    }

    // MARK: What leaves

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        promise?.succeed()
        guard !hasEnded else { return }
        for message in unwrapOutboundIn(data) {
            let outcome = queue.enqueue(message)
            metrics.count(outcome, on: message.type.stream)
            guard outcome != .overflowed else {
                end(.overflowed, in: context)
                return
            }
        }
    }

    func flush(context: ChannelHandlerContext) {
        guard sendRecords(context) else { return }
        context.flush()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, sendRecords(context) { context.flush() }
        context.fireChannelWritabilityChanged()
    }

    /// Seals as much of what waits as the socket takes; answers whether there was anything.
    private func sendRecords(_ context: ChannelHandlerContext) -> Bool {
        guard !hasEnded, !queue.isEmpty, var link = session.take() else { return false }
        var hasWritten = false
        do {
            while !queue.isEmpty, context.channel.isWritable {
                let room = min(queue.waitingBytes + 1_024, Self.writeSize + RecordFormat.recordLimit)
                outbound.clear(minimumCapacity: room)
                try outbound.writeWithOutputRawSpan(minimumWritableBytes: room) { output in
                    while output.byteCount < Self.writeSize,
                        try link.appendRecord(from: &queue, to: &output)
                    {}
                }
                guard outbound.readableBytes > 0 else { break }
                context.write(wrapOutboundOut(outbound), promise: nil)
                hasWritten = true
            }
            session = consume link
        } catch {
            session = consume link
            end(.offence(.exhausted), in: context)
        }
        return hasWritten
    }

    // MARK: Ending

    func triggerUserOutboundEvent(
        context: ChannelHandlerContext,
        event: Any,
        promise: EventLoopPromise<Void>?
    ) {
        guard let command = event as? LinkCommand else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        promise?.succeed()
        switch command {
        case .close(let code, let words): close(code, words, in: context)
        case .probe: probe(context)
        }
    }

    private func close(_ code: Close.Code, _ words: String, in context: ChannelHandlerContext) {
        guard !hasEnded else { return }
        if session != nil {
            queue = OutboundQueue()
            guard queue.enqueue(LinkMessage(.close, body: Close(code, words).sszBytes)) == .queued else {
                return
            }
            if sendRecords(context) { context.flush() }
        }
        end(.closedHere(code), in: context)
    }

    private func probe(_ context: ChannelHandlerContext) {
        guard !hasEnded, session != nil else { return }
        let asked = NIODeadline.now()
        guard queue.enqueue(LinkMessage(.ping, body: Ping(nonce: 0).sszBytes)) == .queued else { return }
        if sendRecords(context) { context.flush() }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: Self.probePatience) {
            let (handler, context) = bound.value
            if handler.lastArrival < asked { handler.end(.silent, in: context) }
        }
    }

    private func watchForSilence(_ context: ChannelHandlerContext) {
        schedule(after: Self.silenceLimit, in: context) { handler, context in
            if handler.lastArrival + Self.silenceLimit <= .now() {
                handler.end(.silent, in: context)
            } else {
                handler.watchForSilence(context)
            }
        }
    }

    private func schedule(
        after delay: TimeAmount,
        in context: ChannelHandlerContext,
        _ body: @escaping (LinkChannelHandler, ChannelHandlerContext) -> Void
    ) {
        let bound = NIOLoopBound((self, context, body), eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: delay) {
            let (handler, context, body) = bound.value
            if !handler.hasEnded { body(handler, context) }
        }
    }

    private func end(_ reason: LinkEnd, in context: ChannelHandlerContext) {
        guard !hasEnded else { return }
        hasEnded = true
        deadline?.cancel()
        session = nil
        handshake = nil
        context.fireChannelRead(wrapInboundOut(.ended(reason)))
        context.close(promise: nil)
    }
}

/// What a link's owner asks of its handler.
enum LinkCommand: Sendable {
    /// Say goodbye and close.
    case close(Close.Code, String)
    /// Close unless a sign of life comes soon.
    case probe
}
