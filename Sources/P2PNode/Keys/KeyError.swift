package import Cryptography

/// Why the node's keys cannot be made or used.
package enum KeyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The directory has keys already.
    case exists(String)
    /// There is no such file.
    case missing(String)
    /// The directory has no keys yet.
    case noKeys(String)
    /// Another user owns the file.
    case foreign(String, owner: UInt32)
    /// Others may read the file.
    case open(String)
    /// The file is empty.
    case empty(String)
    /// The file is longer than such files are.
    case tooLong(String, limit: Int)
    /// The file holds no secp256k1 key.
    case notAnAccount(String)
    /// The RSA key is not taken.
    case notASharesKey(String)
    /// The keys are an operator's, and an oracle is to run.
    case ofOperator(String)
    /// The keys are a member's, and an operator is to run.
    case ofMember(String)
    /// The file cannot be unsealed.
    case sealing(String, SealingError)
    /// What was unsealed is not what the file's name or the member's card says.
    case mismatch(String, detail: String)
    /// The operating system refused.
    case file(String, String)

    package var description: String {
        switch self {
        case .exists(let path):
            "there are keys at \(path) already, and losing them would lose the member's place in the committee. To start "
                + "anew, move them away first"
        case .missing(let path): "there is no file \(path)"
        case .noKeys(let path): "there are no keys at \(path). Make them with: oracle keys new"
        case .foreign(let path, let owner):
            "the file \(path) belongs to user \(owner). Give it to the user that runs the node: chown USER \(path)"
        case .open(let path): "the file \(path) can be read by other users. Close it: chmod 600 \(path)"
        case .empty(let path): "the file \(path) is empty; it must hold a secret"
        case .tooLong(let path, let limit): "the file \(path) is longer than the \(limit) bytes it may have"
        case .notAnAccount(let path):
            "the file \(path) holds no account key: write its 64 hexadecimal digits on one line"
        case .notASharesKey(let reason): "the RSA key for shares cannot be used: \(reason)"
        case .ofOperator(let path):
            "the keys at \(path) are an operator's. Set role to operator, or name the data directory of an oracle"
        case .ofMember(let path):
            "the keys at \(path) are an oracle's, and an operator has keys of its own. Make them in another data "
                + "directory: oracle keys new --operator"
        case .sealing(let path, .wrongKeyOrDamaged):
            "\(path) does not open: the passphrase or key file is not the one it was made with, or the file is damaged"
        case .sealing(let path, let error): "\(path) does not open: \(error)"
        case .mismatch(let path, let detail): "\(path) is not what it should be: \(detail)"
        case .file(let path, let reason): "\(path) cannot be used: \(reason)"
        }
    }
}
