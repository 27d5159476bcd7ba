internal import AsyncHTTPClient
package import Consensus
internal import FoundationEssentials
internal import NIOCore
internal import NIOFoundationEssentialsCompat
internal import NIOHTTP1
package import SystemPackage

/// Asks a running node, over the socket in its data directory.
package struct StatusClient: Sendable {
    private let socket: FilePath

    /// The largest answer that is read.
    private static let answerLimit = 4 << 20

    /// One for the whole process, as the shared one is, but for giving up at once where nobody listens.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// A client of the node that listens on a socket.
    package init(socket: FilePath) {
        self.socket = socket
    }

    /// Where the oracle or operator stands.
    package func standing() async throws(StatusClientError) -> NodeStanding {
        let bytes = Data(buffer: try await request(.GET, "/status"))
        do {
            let role = try JSONDecoder().decode(Role.self, from: bytes).role
            return role == OperatorStatus.roleName
                ? .operator(try JSONDecoder().decode(OperatorStatus.self, from: bytes))
                : .oracle(try JSONDecoder().decode(NodeStatus.self, from: bytes))
        } catch {
            throw .unreadable(socket.string, String(describing: error))
        }
    }

    /// What tells an operator's status from an oracle's, which does not name it.
    private struct Role: Decodable {
        var role: String?
    }

    /// Where the oracle stands.
    package func status() async throws(StatusClientError) -> NodeStatus {
        switch try await standing() {
        case .oracle(let status): return status
        case .operator: throw .unreadable(socket.string, "it is an operator's")
        }
    }

    /// What others need to check the committee's certificates; `nil` while there is no group key.
    ///
    /// Of the epoch if one is given, `nil` when the node does not know it.
    package func committee(of epoch: UInt64? = nil) async throws(StatusClientError) -> CommitteeFile? {
        let answer: ByteBuffer
        do throws(StatusClientError) {
            answer = try await request(.GET, "/committee\(epoch.map { "?epoch=\($0)" } ?? "")")
        } catch .refused(_, 404) {
            return nil
        }
        do throws(OfflineError) {
            return try CommitteeFile(json: Array(answer.readableBytesView))
        } catch {
            throw .unreadable(socket.string, "\(error)")
        }
    }

    /// What the node holds against members.
    package func evidence() async throws(StatusClientError) -> [EvidenceFinding] {
        let bytes = try await request(.GET, "/evidence")
        do {
            return try JSONDecoder().decode([EvidenceFinding].self, from: Data(buffer: bytes))
        } catch {
            throw .unreadable(socket.string, String(describing: error))
        }
    }

    /// The proof with this id; `nil` when the node holds none such.
    package func evidence(_ id: String) async throws(StatusClientError) -> EvidenceFile? {
        guard EvidenceFinding.isID(id) else { return nil }
        let answer: ByteBuffer
        do throws(StatusClientError) {
            answer = try await request(.GET, "/evidence/\(id)")
        } catch .refused(_, 404) {
            return nil
        }
        do throws(OfflineError) {
            return try EvidenceFile(file: Array(answer.readableBytesView))
        } catch {
            throw .unreadable(socket.string, "\(error)")
        }
    }

    /// The newest entries of each log, or of one member's, and which of them are anchored.
    package func proofs(
        of member: UInt16?,
        last count: Int,
        published: Bool = false
    ) async throws(StatusClientError) -> [ProofItem] {
        let filter = (member.map { "&member=\($0)" } ?? "") + (published ? "&published=1" : "")
        let bytes = try await request(.GET, "/proofs?last=\(count)\(filter)")
        do {
            return try JSONDecoder().decode([ProofItem].self, from: Data(buffer: bytes))
        } catch {
            throw .unreadable(socket.string, String(describing: error))
        }
    }

    /// The entry of this id with all that proves it, or why there is none.
    package func proof(
        _ id: String,
        in epoch: UInt64? = nil
    ) async throws(StatusClientError) -> Result<ProofBundle, ProofRefusal> {
        let (status, bytes) = try await answer(.GET, "/proofs/\(id)\(epoch.map { "?epoch=\($0)" } ?? "")")
        switch status {
        case 200:
            do throws(OfflineError) {
                return .success(try ProofBundle(json: Array(bytes.readableBytesView)))
            } catch {
                throw .unreadable(socket.string, "\(error)")
            }
        case 404: return .failure(ProofRefusal(reason: String(buffer: bytes)))
        default: throw .refused(socket.string, status)
        }
    }

    /// Has the node publish something in its log; the answer says whether it is refused.
    package func publish(
        _ order: PublicationOrder
    ) async throws(StatusClientError) -> Result<PublicationReport, ProofRefusal> {
        let body: Data
        do {
            body = try JSONEncoder().encode(order)
        } catch {
            throw .unreadable(socket.string, String(describing: error))
        }
        let (status, bytes) = try await answer(.POST, "/publications", body)
        switch status {
        case 202, 429: return .success(try report(in: bytes))
        case 400: return .failure(ProofRefusal(reason: String(buffer: bytes)))
        default: throw .refused(socket.string, status)
        }
    }

    /// What has become of an order; `nil` when the node does not know of it.
    package func publication(_ ticket: UInt64) async throws(StatusClientError) -> PublicationReport? {
        let (status, bytes) = try await answer(.GET, "/publications/\(ticket)")
        switch status {
        case 200: return try report(in: bytes)
        case 404: return nil
        default: throw .refused(socket.string, status)
        }
    }

    private func report(in bytes: ByteBuffer) throws(StatusClientError) -> PublicationReport {
        do {
            return try JSONDecoder().decode(PublicationReport.self, from: Data(buffer: bytes))
        } catch {
            throw .unreadable(socket.string, String(describing: error))
        }
    }

    /// Asks the node to hand over leadership and to take none, from now or no more.
    package func drain(_ isDraining: Bool) async throws(StatusClientError) {
        _ = try await request(isDraining ? .POST : .DELETE, "/drain")
    }

    /// Calls back with each event, the newest kept ones first, until the node ends or the task is cancelled.
    package func events(_ body: (NodeEvent) -> Void) async throws(StatusClientError) {
        do {
            let response = try await Self.client.execute(
                HTTPClientRequest(url: url("/events")),
                deadline: .distantFuture
            )
            guard response.status == .ok else {
                throw StatusClientError.refused(socket.string, response.status.code)
            }
            var line = ByteBuffer()
            for try await part in response.body {
                var part = part
                line.writeBuffer(&part)
                guard line.readableBytes <= Self.answerLimit else {
                    throw StatusClientError.unreadable(socket.string, "an event without an end")
                }
                while let event = try Self.nextEvent(in: &line) { body(event) }
            }
        } catch let error as StatusClientError {
            throw error
        } catch {
            throw .unreachable(socket.string, String(describing: error))
        }
    }

    /// Takes the next whole event out of what has arrived.
    private static func nextEvent(in buffer: inout ByteBuffer) throws -> NodeEvent? {
        let view = buffer.readableBytesView
        guard let end = view.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let length = end - view.startIndex
        guard let line = buffer.readSlice(length: length + 1) else { return nil }
        let prefix = Array("data: ".utf8)
        guard line.readableBytesView.starts(with: prefix) else { return try nextEvent(in: &buffer) }
        return try JSONDecoder().decode(
            NodeEvent.self,
            from: Data(line.readableBytesView.dropFirst(prefix.count).dropLast())
        )
    }

    private func request(_ method: HTTPMethod, _ path: String) async throws(StatusClientError) -> ByteBuffer {
        let (status, bytes) = try await answer(method, path)
        guard (200..<300).contains(status) else { throw .refused(socket.string, status) }
        return bytes
    }

    /// The status and what comes with it, whatever it is.
    private func answer(
        _ method: HTTPMethod,
        _ path: String,
        _ body: Data? = nil
    ) async throws(StatusClientError) -> (status: UInt, bytes: ByteBuffer) {
        do {
            var request = HTTPClientRequest(url: url(path))
            request.method = method
            if let body { request.body = .bytes(body, length: .known(Int64(body.count))) }
            let response = try await Self.client.execute(request, timeout: .seconds(5))
            return (response.status.code, try await response.body.collect(upTo: Self.answerLimit))
        } catch {
            throw .unreachable(socket.string, String(describing: error))
        }
    }

    /// `http+unix://` with the socket's path as the host, each byte that a host cannot have in percent form.
    private func url(_ path: String) -> String {
        let host = socket.string.utf8.map { byte -> String in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return "http+unix://\(host.joined())\(path)"
    }
}

/// Why a node could not be asked.
package enum StatusClientError: Error, CustomStringConvertible {
    /// Nobody answers on the socket.
    case unreachable(String, String)
    /// The node refuses the request with this status.
    case refused(String, UInt)
    /// The answer is not what this program understands.
    case unreadable(String, String)

    package var description: String {
        switch self {
        case .unreachable(let socket, let reason):
            "no node answers at \(socket) (\(reason)). Is it running? Is this its data directory?"
        case .refused(let socket, let status): "the node at \(socket) answers \(status)"
        case .unreadable(let socket, let reason):
            "the answer of the node at \(socket) cannot be read (\(reason)); is it another version?"
        }
    }
}
