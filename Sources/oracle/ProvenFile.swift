import Consensus
import KeyOperations
import P2PNode

/// A file that `oracle proof verify` can judge.
enum ProvenFile {
    /// The proof of an entry of a member's log.
    case entry(ProofBundle)
    /// The transcript of an operation on validators' keys.
    case transcript(OperationTranscript)

    /// Tells which it is, by how it begins, and reads it.
    init(_ bytes: [UInt8]) throws(OfflineError) {
        guard OperationTranscript.isMarked(bytes) else {
            self = .entry(try ProofBundle(json: bytes))
            return
        }
        do throws(TranscriptFault) {
            self = .transcript(try OperationTranscript(encoded: bytes))
        } catch {
            throw .transcript("\(error)")
        }
    }

    /// Prints what it proves, for people or as JSON, and says whether it does.
    func show(by record: CommitteeRecord?, json: Bool) throws -> Bool {
        switch self {
        case .entry(let bundle):
            let verdict = ProofVerdict(on: bundle, by: record)
            print(json ? try ProofView.json(verdict) : verdict.text)
            return verdict.isValid
        case .transcript(let transcript):
            let verdict = TranscriptVerdict(on: transcript, by: record)
            print(json ? try ProofView.json(verdict) : verdict.text)
            return verdict.isValid
        }
    }
}
