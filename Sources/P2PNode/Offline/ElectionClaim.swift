package import Consensus
package import Ethereum
package import Primitives

/// Something that says that a committee has elected a leader.
package enum ElectionClaim: Hashable, Sendable {
    /// A certificate as members hand it on.
    case certificate(ElectionCertificate)
    /// A `LeaderElected` log of a contract.
    case log(LeaderElected, of: Address)

    /// More than any receipt with its logs takes, in bytes.
    package static let sizeLimit = 4 << 20

    /// The claims in a text.
    ///
    /// The text is one of
    /// - a certificate, `{"epoch", "view", "leader", "signature"}`, or an object with one as `certificate`, which is
    ///   what a node's status has;
    /// - a log as `eth_getLogs` gives it, a list of logs, or a receipt, of which the `LeaderElected` logs count;
    /// - any of them as the `result` of a JSON-RPC reply;
    /// - a certificate's SSZ encoding in hexadecimal.
    ///
    /// - Returns: At least one.
    package static func all(in text: [UInt8]) throws(OfflineError) -> [ElectionClaim] {
        guard text.count <= sizeLimit else { throw .tooLong(limit: sizeLimit) }
        let isSpace: (UInt8) -> Bool = { [0x20, 0x09, 0x0a, 0x0d].contains($0) }
        let trimmed = text.drop(while: isSpace)
        guard let first = trimmed.first else { throw .certificate("it is empty") }
        if first != UInt8(ascii: "{") && first != UInt8(ascii: "[") {
            return [
                .certificate(
                    try certificate(hex: String(decoding: trimmed.prefix { !isSpace($0) }, as: UTF8.self))
                )
            ]
        }
        let json: JSON
        do throws(JSONError) { json = try JSONParser.parse(text) } catch { throw .certificate("\(error)") }
        return try claims(in: json)
    }

    private static func claims(in json: JSON) throws(OfflineError) -> [ElectionClaim] {
        if json["signature"] != nil { return [.certificate(try certificate(json))] }
        if let certificate = json.optionalMember("certificate") {
            return [.certificate(try self.certificate(certificate))]
        }
        if let result = json.optionalMember("result") { return try claims(in: result) }
        let logs: [JSON]
        switch json {
        case .array(let elements): logs = elements
        case .object where json["topics"] != nil: logs = [json]
        default:
            guard case .array(let elements)? = json["logs"] else {
                throw .certificate("nothing in it is either")
            }
            logs = elements
        }
        var claims: [ElectionClaim] = []
        for (offset, log) in logs.enumerated() {
            if let claim = try claim(in: log, at: "logs[\(offset)]") { claims.append(claim) }
        }
        guard !claims.isEmpty else { throw .certificate("it has no LeaderElected log") }
        return claims
    }

    /// The election in a log; `nil` in a log of another event.
    private static func claim(in json: JSON, at path: String) throws(OfflineError) -> ElectionClaim? {
        let log: Log
        do throws(ShapeError) { log = try Log(json: json, at: path) } catch { throw .certificate("\(error)") }
        guard log.topics.first == RegistryEvent.electedTopic else { return nil }
        do throws(ABIError) {
            guard case .leaderElected(let election) = try RegistryEvent(log) else { return nil }
            return .log(election, of: log.address)
        } catch {
            throw .certificate("\(path): \(error)")
        }
    }

    private static func certificate(_ json: JSON) throws(OfflineError) -> ElectionCertificate {
        do throws(ShapeError) {
            guard let leader = UInt16(exactly: try json.number("leader")) else {
                throw ShapeError("leader", expected: "a member's position", found: json["leader"])
            }
            return ElectionCertificate(
                epoch: Epoch(try json.number("epoch")),
                view: View(try json.number("view")),
                leader: MemberIndex(rawValue: leader),
                signature: try json.member("signature", of: "certificate").fixed("signature")
            )
        } catch {
            throw .certificate("\(error)")
        }
    }

    private static func certificate(hex: String) throws(OfflineError) -> ElectionCertificate {
        guard let bytes = Hex.decode(hex) else { throw .certificate("it is neither JSON nor hexadecimal") }
        do throws(SSZError) {
            return try ElectionCertificate(ssz: unsafe bytes.span.bytes)
        } catch {
            throw .certificate("\(error)")
        }
    }
}

extension JSON {
    /// A member that is a whole number in decimal.
    fileprivate func number(_ name: String) throws(ShapeError) -> UInt64 {
        let member = try member(name, of: "certificate")
        guard case .number(let digits) = member, let number = UInt64(digits) else {
            throw ShapeError(name, expected: "a whole number", found: member)
        }
        return number
    }
}
