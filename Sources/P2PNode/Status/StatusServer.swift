internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
package import Logging
internal import NIOCore
internal import Primitives
internal import ServiceLifecycle
package import SystemPackage

/// Answers over a socket in the data directory, which only the node's own user can reach.
///
/// | request | answer |
/// |---|---|
/// | `GET /status` | ``NodeStatus`` as JSON |
/// | `GET /events` | server-sent events, each a ``NodeEvent`` as JSON: the newest ones kept, then all as they happen |
/// | `GET /health` | 200 when the node is ready, 503 before |
/// | `GET /metrics` | the counters in the text format of Prometheus |
/// | `GET /committee?epoch=E` | ``CommitteeFile`` of the epoch, or of that in office; 404 before there is a group key, or when it is not known |
/// | `GET /evidence` | the list of ``EvidenceFinding`` as JSON, which has at most one for each member and crime |
/// | `GET /evidence/ID` | the SSZ of an ``EvidenceFile``, or 404 when the node holds no such proof |
/// | `GET /proofs?member=M&last=N` | a list of ``ProofItem`` as JSON: the newest entries of each log, or of member M's; with `published=1` only what members publish |
/// | `GET /proofs/M:S?epoch=E` | the ``ProofBundle`` of entry S of member M's log as JSON, or 404 with the reason; with an epoch, by its committee |
/// | `POST /publications` | takes a ``PublicationOrder`` as JSON: 202 with the ``PublicationReport``, 429 when it is refused, 400 with the reason |
/// | `GET /publications/TICKET` | the ``PublicationReport`` as JSON, or 404 when the node does not know of it |
/// | `POST /drain` | the node hands over leadership and takes none until `DELETE /drain` |
package struct StatusServer: Service {
    private let socket: StatusSocket
    private let inspector: any NodeInspector
    private let metrics: @Sendable () -> String

    /// A server on a socket.
    ///
    /// - Parameters:
    ///   - socket: Where; a socket that an earlier run has left is replaced.
    ///   - inspector: Answers.
    ///   - metrics: Renders the counters.
    ///   - logger: Where failures are told.
    /// - Throws: ``StatusServerError/socketPath(_:limit:)``.
    package init(
        socket: FilePath,
        inspector: any NodeInspector,
        metrics: @escaping @Sendable () -> String,
        logger: Logger
    ) throws(StatusServerError) {
        self.socket = try StatusSocket(socket, logger: logger)
        self.inspector = inspector
        self.metrics = metrics
    }

    /// Serves until the graceful shutdown.
    package func run() async throws {
        try await socket.serve(router())
    }

    private func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.get("status") { _, _ in try StatusAnswer.json(await inspector.status()) }
        router.get("health") { _, _ in
            let isReady = await inspector.status().isReady
            return StatusAnswer.text(isReady ? "ready\n" : "not ready\n", isReady ? .ok : .serviceUnavailable)
        }
        router.get("metrics") { _, _ in StatusAnswer.text(metrics(), .ok) }
        router.get("committee") { request, _ in
            let epoch = request.uri.queryParameters["epoch"].flatMap { UInt64($0) }
            let file =
                if let epoch { try await inspector.committee(of: epoch) } else { await inspector.committee() }
            guard let file else { return StatusAnswer.text("no group key yet\n", .notFound) }
            return StatusAnswer.json(try file.json)
        }
        router.get("evidence") { _, _ in try StatusAnswer.json(await inspector.evidence()) }
        router.get("evidence/:id") { _, context in
            guard let id = context.parameters.get("id"), let file = await inspector.evidence(id) else {
                return StatusAnswer.text("no such evidence\n", .notFound)
            }
            return StatusAnswer.bytes(file.sszBytes, of: "application/octet-stream")
        }
        router.get("proofs") { request, _ in
            let parameters = request.uri.queryParameters
            let member = parameters["member"].flatMap { UInt16($0) }
            let last = parameters["last"].flatMap { Int($0) } ?? ProofArchive.listLimit
            let published = parameters["published"] == "1"
            return try StatusAnswer.json(await inspector.proofs(of: member, last: last, published: published))
        }
        router.get("proofs/:id") { request, context in
            guard let parts = context.parameters.get("id").flatMap({ ProofItem.parts(of: $0) }) else {
                return StatusAnswer.text("an entry is named MEMBER:SEQUENCE", .notFound)
            }
            let epoch = request.uri.queryParameters["epoch"].flatMap { UInt64($0) }
            switch try await inspector.proof(of: parts.author, parts.sequence, in: epoch) {
            case .success(let bundle): return StatusAnswer.json(try bundle.json)
            case .failure(let refusal): return StatusAnswer.text(refusal.reason, .notFound)
            }
        }
        router.post("publications") { request, _ in await publish(request) }
        router.get("publications/:ticket") { _, context in
            guard let ticket = context.parameters.get("ticket").flatMap({ UInt64($0) }),
                let report = try await inspector.publication(ticket)
            else { return StatusAnswer.text("no such publication\n", .notFound) }
            return try StatusAnswer.json(report)
        }
        router.post("drain") { _, _ in
            await inspector.drain(true)
            return StatusAnswer.text("draining\n", .accepted)
        }
        router.delete("drain") { _, _ in
            await inspector.drain(false)
            return StatusAnswer.text("not draining\n", .accepted)
        }
        router.get("events") { _, _ in events() }
        return router
    }

    private func publish(_ request: Request) async -> Response {
        do {
            let body = try await request.body.collect(upTo: PublicationOrder.sizeLimit)
            let order = try JSONDecoder().decode(PublicationOrder.self, from: Data(body.readableBytesView))
            let report = try await inspector.publish(order)
            var response = try StatusAnswer.json(report)
            response.status = report.state == .refused ? .tooManyRequests : .accepted
            return response
        } catch let error as PublicationError {
            return StatusAnswer.text("\(error)", .badRequest)
        } catch {
            return StatusAnswer.text("the order cannot be read", .badRequest)
        }
    }

    private func events() -> Response {
        guard let stream = inspector.events.listen() else {
            return StatusAnswer.text("too many listen already\n", .serviceUnavailable)
        }
        let body = ResponseBody { writer in
            // Without this the shutdown would wait for listeners to leave.
            for await event in stream.cancelOnGracefulShutdown() {
                let line = try JSONEncoder().encode(event)
                var buffer = ByteBuffer(string: "data: ")
                buffer.writeBytes(line)
                buffer.writeString("\n\n")
                try await writer.write(buffer)
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "text/event-stream"], body: body)
    }
}

/// Why the status server cannot run.
package enum StatusServerError: Error, CustomStringConvertible {
    /// The socket's path is longer than the operating system allows.
    case socketPath(String, limit: Int)

    package var description: String {
        switch self {
        case .socketPath(let path, let limit):
            """
            the path of the status socket, \(path), has more than the \(limit) bytes that a socket's may have; \
            use a data directory with a shorter path, or set status.socket
            """
        }
    }
}
