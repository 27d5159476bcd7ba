package import KeyOperations

/// The files of other tools that a complete attempt makes, as bytes.
package struct OperationFiles: Hashable, Sendable {
    /// A file by the name under which the tools know it.
    package struct File: Hashable, Sendable {
        /// Its name.
        package let name: String
        /// Its bytes.
        package let bytes: [UInt8]
    }

    /// What can be written.
    package private(set) var files: [File] = []
    /// Why a file that such an attempt usually makes is not there.
    package private(set) var omitted: [FileFault] = []

    /// Makes them; of an attempt that is not complete there are none.
    ///
    /// Every file is one that ``ValidatorFile/recognise(_:beside:keys:networks:)`` finds good, but for the encrypted
    /// shares, which nobody but their operators can open.
    ///
    /// - Parameters:
    ///   - attempt: What the operators have signed.
    ///   - createdAt: When, for the files that say it (RFC 3339).
    package init(of attempt: OperationAttempt, createdAt: String) {
        switch (attempt.plan.task, attempt.result) {
        case (.keygen, .keys):
            do throws(FileFault) {
                files.append(File(name: "deposit_data.json", bytes: try DepositFile(of: attempt).encoded()))
            } catch { omitted.append(error) }
            do throws(FileFault) {
                let keyshares = try KeysharesFile(of: attempt, createdAt: createdAt)
                files.append(File(name: "keyshares.json", bytes: keyshares.encoded()))
            } catch { omitted.append(error) }
        case (.exit(let task), .exit(let signature)):
            let exit = SignedExit(exit: task.exit, signature: signature)
            files.append(File(name: "exit.json", bytes: exit.encoded()))
        default: break
        }
    }
}
