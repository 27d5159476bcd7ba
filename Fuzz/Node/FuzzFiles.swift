import Consensus
import Foundation
import FuzzDriver
import P2PNode
import Primitives
import SystemPackage

/// A folder in memory for what an input is written to; the fuzzer's next run of the same process uses it again.
let workplace: FilePath = {
    let base = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
    let path = FilePath(base).appending("oracle-fuzz-\(ProcessInfo.processInfo.processIdentifier)")
    try? FileManager.default.createDirectory(
        atPath: path.string,
        withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700]
    )
    return path
}()

func write(_ bytes: [UInt8], to file: FilePath) {
    guard FileManager.default.createFile(atPath: file.string, contents: Data(bytes)) else {
        preconditionFailure("\(file) cannot be written")
    }
}

/// A configuration file is refused with reasons, or read twice as the same.
func fuzzConfiguration(_ input: [UInt8]) {
    let file = workplace.appending("oracle.yaml")
    write(input, to: file)
    let sources = ConfigurationSources(file: file)
    do {
        let configuration = try NodeConfiguration(sources)
        precondition(!configuration.text.isEmpty, "a configuration without settings")
        let again = try? NodeConfiguration(sources)
        precondition(again == configuration, "a file with two meanings")
    } catch {
        precondition(!error.problems.isEmpty && !error.description.isEmpty, "refused without a reason")
    }
}

/// Files that one member hands another: what is read is written and read again as the same, and every claim is judged.
func fuzzFiles(_ input: [UInt8]) {
    guard let (selector, bytes) = selected(input) else { return }
    switch selector % 4 {
    case 0:
        guard let file = try? CommitteeFile(json: bytes) else { return }
        let again = (try? file.json).flatMap { try? CommitteeFile(json: $0) }
        precondition(again == file, "a committee changes on its way")
    case 1:
        guard let card = MemberCard(json: bytes) else { return }
        precondition(MemberCard(json: Array(card.json.utf8)) == card, "a card changes on its way")
    case 2:
        // The committee's file and the claim, a line break between them.
        let parts = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 1)
        guard parts.count == 2, let claims = try? ElectionClaim.all(in: Array(parts[1])) else { return }
        precondition(!claims.isEmpty, "a file without claims is understood")
        guard let file = try? CommitteeFile(json: Array(parts[0])) else { return }
        for claim in claims { _ = ElectionVerdict(on: claim, by: file.record).text }
    default:
        guard let file = try? EvidenceFile(file: bytes) else { return }
        precondition(file.sszBytes == bytes, "evidence changes on its way")
        let verdict = EvidenceFileVerdict(on: file, by: nil)
        precondition((verdict.finding == nil) == (verdict.reason != nil), "judged neither way, or both")
    }
}
